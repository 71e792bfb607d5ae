-- What is kept of traces when they are over, and since when that is so; null keeps all.
ALTER TABLE project ADD COLUMN tail_sampling json, ADD COLUMN tail_sampling_since timestamptz(3);

-- Who changed a project's rules, when, and what they were before and after: rows are added, never changed.
CREATE TABLE project_rules_change (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    changed_at timestamptz(3) NOT NULL,
    actor text NOT NULL,
    before json NOT NULL,
    after json NOT NULL
);
CREATE INDEX project_rules_change_latest ON project_rules_change (project, changed_at DESC);
