-- A rule that somebody paused keeps its budget and its name, and makes no redrives.
ALTER TABLE redrive_rule ADD COLUMN paused_at timestamptz(3);
