-- When an event was received says which rollout it came during; of those that are there, the tool's own time is all that is known.
ALTER TABLE delivery_event ADD COLUMN received_at timestamptz(3);
UPDATE delivery_event SET received_at = at;
ALTER TABLE delivery_event ALTER COLUMN received_at SET DEFAULT now(), ALTER COLUMN received_at SET NOT NULL;
CREATE INDEX delivery_event_received ON delivery_event (project, gate, received_at DESC);
DROP INDEX delivery_event_latest;
