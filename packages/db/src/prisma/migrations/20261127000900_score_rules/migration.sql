-- What is scored as it comes: a rule has a name, which is free again when the rule is removed.
CREATE TABLE score_rule (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    enabled boolean NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    removed_at timestamptz(3)
);
CREATE UNIQUE INDEX score_rule_name ON score_rule (project, name) WHERE removed_at IS NULL;

-- What a rule does, version by version. Traces were looked at that were over before looked_until; an ended version looks at no more, and is drained when none of its traces waits.
CREATE TABLE score_rule_version (
    rule_id uuid NOT NULL REFERENCES score_rule (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    version integer NOT NULL,
    terms json NOT NULL,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    looked_until timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    drained_at timestamptz(3),
    note text,
    PRIMARY KEY (rule_id, version)
);
CREATE INDEX score_rule_version_at_work ON score_rule_version (rule_id) WHERE drained_at IS NULL;

-- How many traces were over in an hour that did not pass a rule's filter.
CREATE TABLE score_rule_hour (
    rule_id uuid NOT NULL,
    version integer NOT NULL,
    hour timestamptz(0) NOT NULL,
    unmatched bigint NOT NULL,
    PRIMARY KEY (rule_id, version, hour),
    FOREIGN KEY (rule_id, version) REFERENCES score_rule_version (rule_id, version) ON DELETE CASCADE ON UPDATE RESTRICT
);
