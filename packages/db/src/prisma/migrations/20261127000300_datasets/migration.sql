CREATE TABLE dataset (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    description text NOT NULL,
    latest integer NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX dataset_project_name_key ON dataset (project, name);

CREATE TABLE dataset_version (
    dataset_id uuid NOT NULL REFERENCES dataset (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    items integer NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    removed integer NOT NULL,
    note text NOT NULL,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (dataset_id, number)
);

-- A version has the rows that begin with it or before, and end behind it: what an edit leaves alone is not written again.
CREATE TABLE dataset_item (
    dataset_id uuid NOT NULL REFERENCES dataset (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    id text NOT NULL,
    since integer NOT NULL,
    until integer CHECK (until > since),
    position integer NOT NULL,
    hash text NOT NULL,
    case_hash text NOT NULL,
    split text,
    content json NOT NULL,
    PRIMARY KEY (dataset_id, id, since)
);
CREATE INDEX dataset_item_in_order ON dataset_item (dataset_id, position);
-- Not for current rows alone: in a long transaction PostgreSQL believes that there are next to none, and takes whichever index of them there is.
CREATE INDEX dataset_item_case ON dataset_item (dataset_id, case_hash);

CREATE FUNCTION dataset_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a dataset is never changed';
END
$$;
CREATE TRIGGER dataset_versions_stay BEFORE UPDATE ON dataset_version FOR EACH ROW EXECUTE FUNCTION dataset_version_stays();
CREATE TRIGGER dataset_items_stay BEFORE UPDATE ON dataset_item FOR EACH ROW
    WHEN (OLD.until IS NOT NULL OR NEW.until IS NULL OR (NEW.dataset_id, NEW.id, NEW.since, NEW.position, NEW.hash, NEW.case_hash, NEW.split, NEW.content::text)
        IS DISTINCT FROM (OLD.dataset_id, OLD.id, OLD.since, OLD.position, OLD.hash, OLD.case_hash, OLD.split, OLD.content::text))
    EXECUTE FUNCTION dataset_version_stays();
