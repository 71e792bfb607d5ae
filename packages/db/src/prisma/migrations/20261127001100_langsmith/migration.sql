-- What LangSmith's clients say of a dataset and we have no word for: it is for them to read again.
ALTER TABLE dataset ADD COLUMN extra json NOT NULL DEFAULT '{}';

-- LangSmith's clients know an item by a UUID: its id where that is one, and otherwise one that is made of it and of the dataset.
CREATE FUNCTION example_id(dataset_id uuid, item_id text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN item_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN item_id::uuid
        ELSE overlay(overlay(md5(dataset_id::text || '/' || item_id) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid END
$$;
CREATE INDEX dataset_item_example ON dataset_item (example_id(dataset_id, id));

-- LangSmith's word for where runs go. One that refers to a dataset is an experiment: at look_at its runs are looked for, and folded into the eval run of its id.
CREATE TABLE tracer_session (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    body json NOT NULL,
    dataset_version integer,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    look_at timestamptz(3)
);
CREATE UNIQUE INDEX tracer_session_project_name_key ON tracer_session (project, name);
CREATE INDEX tracer_session_look_at ON tracer_session (look_at);

-- How many tries of a run have a result, and how many of those failed: a list of runs would have to count all of their tries.
ALTER TABLE eval_run ADD COLUMN finished integer NOT NULL DEFAULT 0, ADD COLUMN failed integer NOT NULL DEFAULT 0;
UPDATE eval_run SET finished = counts.finished, failed = counts.failed FROM (
    SELECT run_id, count(*)::integer AS finished, count(*) FILTER (WHERE state = 'failed')::integer AS failed
    FROM eval_try WHERE state <> 'claimed' GROUP BY run_id
) AS counts WHERE counts.run_id = eval_run.id;

-- What the try of an experiment was made from, so that what has not changed is not made again; null for tries of our own.
ALTER TABLE eval_try ADD COLUMN mark text;
CREATE UNIQUE INDEX eval_try_of_trace ON eval_try (run_id, trace_id) WHERE mark IS NOT NULL;
