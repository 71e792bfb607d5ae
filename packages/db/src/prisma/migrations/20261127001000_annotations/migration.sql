CREATE TABLE annotation_queue (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    question text NOT NULL,
    kind json NOT NULL,
    score_name text NOT NULL,
    instructions text NOT NULL,
    overlap integer NOT NULL CHECK (overlap BETWEEN 1 AND 20),
    created_by text NOT NULL,
    created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX annotation_queue_project_name_key ON annotation_queue (project, name);

CREATE TABLE annotation_item (
    id uuid PRIMARY KEY,
    queue_id uuid NOT NULL REFERENCES annotation_queue (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    position integer NOT NULL,
    trace_id text NOT NULL CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    span_id text NOT NULL CHECK (span_id ~ '^([0-9a-f]{16})?$'),
    added_by text NOT NULL,
    added_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX annotation_item_queue_id_trace_id_span_id_key ON annotation_item (queue_id, trace_id, span_id);
CREATE UNIQUE INDEX annotation_item_queue_id_position_key ON annotation_item (queue_id, position);

CREATE TABLE annotation (
    item_id uuid NOT NULL REFERENCES annotation_item (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    person text NOT NULL,
    is_final boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('claimed', 'labelled', 'skipped')),
    value double precision,
    label text,
    note text NOT NULL,
    at timestamptz(3) NOT NULL,
    claimed_until timestamptz(3),
    is_told boolean NOT NULL,
    PRIMARY KEY (item_id, person, is_final),
    CHECK ((state = 'labelled') = (value IS NOT NULL AND label IS NOT NULL)),
    CHECK ((state = 'claimed') = (claimed_until IS NOT NULL)),
    CHECK (NOT is_final OR state = 'labelled')
);
-- An item is settled once, whoever does it.
CREATE UNIQUE INDEX annotation_final ON annotation (item_id) WHERE is_final;
CREATE INDEX annotation_untold ON annotation (at) WHERE NOT is_told;
