CREATE TABLE world (
    domain text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (domain, name)
);

-- World and overlay come first: what goes with a task is found by them.
CREATE TABLE world_document (
    world text NOT NULL,
    overlay text NOT NULL,
    domain text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    owner text,
    document json NOT NULL,
    PRIMARY KEY (world, overlay, domain, kind, id)
);
CREATE INDEX world_document_owner ON world_document (domain, world, kind, owner);

-- The default is for workers of the version before, which knew one domain alone. An effect without an answer is a call whose outcome is not known yet.
ALTER TABLE tool_effect ADD COLUMN domain text NOT NULL DEFAULT 'airline';
ALTER TABLE tool_effect ALTER COLUMN answer DROP NOT NULL;
ALTER TABLE tool_effect DROP CONSTRAINT tool_effect_pkey;
ALTER TABLE tool_effect ADD PRIMARY KEY (world, overlay, domain, idempotency_key);
