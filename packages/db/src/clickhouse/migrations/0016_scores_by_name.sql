-- Scores of a name in the order in which they were told: a list of traces that asks for a score reads those since its window begins, and not all there are.
-- Rows that go with a merge or an erasure go from the projection too.
ALTER TABLE scores MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE scores ADD PROJECTION IF NOT EXISTS by_name
(
    SELECT project, name, trace_id, span_id, scorer, value, time, received_at
    ORDER BY project, name, greatest(time, received_at)
);

ALTER TABLE scores MATERIALIZE PROJECTION IF EXISTS by_name;
