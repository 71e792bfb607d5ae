-- A replay that was asked for alone goes before those of a batch: somebody waits for it.
DROP INDEX replay_to_do;
CREATE INDEX replay_to_do ON replay ((batch_id IS NOT NULL), created_at, id) WHERE status IN ('pending', 'running');
