-- What models took for a replay is on record as they answer, however it ends; that of replays which are done is taken from their reports.
ALTER TABLE replay ADD COLUMN tokens integer NOT NULL DEFAULT 0;
UPDATE replay SET cost_usd = 0 WHERE cost_usd IS NULL;
ALTER TABLE replay ALTER COLUMN cost_usd SET DEFAULT 0, ALTER COLUMN cost_usd SET NOT NULL;
UPDATE replay SET tokens = (
    SELECT COALESCE(sum((step ->> 'tokens')::integer), 0)
    FROM json_array_elements(report -> 'replayed' -> 'steps') AS step
    WHERE (step ->> 'step')::integer >= (report ->> 'from')::integer
) WHERE report IS NOT NULL AND cost_usd > 0;
