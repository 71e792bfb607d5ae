CREATE TABLE organisation (
    name text PRIMARY KEY,
    created_at timestamptz(3) NOT NULL
);

CREATE TABLE project (
    name text PRIMARY KEY,
    organisation text NOT NULL REFERENCES organisation (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    environments text[] NOT NULL CHECK (cardinality(environments) > 0),
    redaction json NOT NULL DEFAULT '{"patterns":[],"attributes":[]}',
    head_sampling_share double precision NOT NULL DEFAULT 1 CHECK (head_sampling_share BETWEEN 0 AND 1),
    created_at timestamptz(3) NOT NULL
);

-- What data without a key belongs to.
INSERT INTO organisation (name, created_at) VALUES ('default', now());
INSERT INTO project (name, organisation, environments, created_at) VALUES ('default', 'default', '{production}', now());

CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('token', 'pair', 'uuid')),
    public_key text,
    secret_hash text NOT NULL CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
    ending text NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ '{ingest,read,gate,admin}'),
    requests_per_minute_max integer CHECK (requests_per_minute_max > 0),
    created_at timestamptz(3) NOT NULL,
    last_used_at timestamptz(3),
    revoked_at timestamptz(3),
    CHECK ((kind = 'pair') = (public_key IS NOT NULL))
);
CREATE UNIQUE INDEX api_key_secret_hash_key ON api_key (secret_hash);
CREATE UNIQUE INDEX api_key_public_key_key ON api_key (public_key);
-- A name tells the keys that work apart; that of a revoked key may be given again.
CREATE UNIQUE INDEX api_key_working_name ON api_key (project, name) WHERE revoked_at IS NULL;
