-- The calls of a scene are numbered from 1: of two that saw the same state only one can be the next. Calls that work on no documents have no number.
ALTER TABLE tool_effect ADD COLUMN position integer;
UPDATE tool_effect SET position = numbered.position
FROM (SELECT world, overlay, domain, idempotency_key, row_number() OVER (PARTITION BY world, overlay, domain ORDER BY idempotency_key) AS position FROM tool_effect) AS numbered
WHERE (tool_effect.world, tool_effect.overlay, tool_effect.domain, tool_effect.idempotency_key)
    = (numbered.world, numbered.overlay, numbered.domain, numbered.idempotency_key);
CREATE UNIQUE INDEX tool_effect_position ON tool_effect (world, overlay, domain, position);
