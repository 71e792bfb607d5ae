-- Groups are summed, and the newest letter of each is found, without reading every letter whole.
CREATE INDEX dead_letter_by_group ON dead_letter (project, fingerprint, last_failed_at DESC, id DESC);
