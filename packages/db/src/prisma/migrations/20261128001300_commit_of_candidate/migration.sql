-- Whether a kept verdict's commit is that of its candidate, as whoever asked said; of those from before nobody said so.
ALTER TABLE gate_verdict ADD COLUMN is_candidates_commit boolean NOT NULL DEFAULT false;
