-- What a paused rollout waits for.
ALTER TABLE rollout ADD COLUMN paused_for text;
UPDATE rollout SET paused_for = CASE
  WHEN paused_by = 'person' THEN 'person'
  WHEN (
    SELECT verdict ->> 'grounds' FROM rollout_entry
    WHERE rollout_id = rollout.id AND kind = 'paused' ORDER BY number DESC LIMIT 1
  ) = 'timeout' THEN 'time'
  ELSE 'approval'
END
WHERE phase = 'paused';

-- What the last look said: who asks needs no block.
ALTER TABLE rollout ADD COLUMN verdict json;
UPDATE rollout SET verdict = (
  SELECT verdict FROM rollout_entry
  WHERE rollout_id = rollout.id AND verdict IS NOT NULL ORDER BY number DESC LIMIT 1
);

-- Looks that fail, one after another.
ALTER TABLE rollout ADD COLUMN look_failure json;

-- What the looks and blocks hash to. Rollouts that began before have none.
ALTER TABLE rollout ADD COLUMN evidence_hash text;
ALTER TABLE rollout_entry ADD COLUMN evidence_hash text;
