CREATE TABLE saved_view (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    params json NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX saved_view_project_name_key ON saved_view (project, name);
-- A project opens with one view, or with none.
CREATE UNIQUE INDEX saved_view_default ON saved_view (project) WHERE is_default;
