-- A row owes what one write added to a task's journal, not one row for each place in it: a tenth of the rows.
ALTER TABLE outbox ADD COLUMN decisions integer[], ADD COLUMN spans integer[];
UPDATE outbox SET
    decisions = CASE kind WHEN 'decision' THEN ARRAY[position] ELSE '{}' END,
    spans = CASE kind WHEN 'span' THEN ARRAY[position] ELSE '{}' END;
ALTER TABLE outbox DROP COLUMN kind, DROP COLUMN position, ALTER COLUMN decisions SET NOT NULL, ALTER COLUMN spans SET NOT NULL;
