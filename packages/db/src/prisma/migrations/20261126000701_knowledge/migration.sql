-- What agents of a project may look up. The revision grows with every change; the embedder is what all vectors of the project were made by.
CREATE TABLE knowledge_base (
    project text PRIMARY KEY REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    revision bigint NOT NULL,
    embedder text NOT NULL
);

CREATE TABLE knowledge_document (
    project text NOT NULL REFERENCES knowledge_base (project) ON DELETE CASCADE ON UPDATE RESTRICT,
    id text NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    attributes json NOT NULL,
    digest text NOT NULL,
    revision bigint NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    PRIMARY KEY (project, id)
);

CREATE TABLE knowledge_chunk (
    project text NOT NULL,
    document text NOT NULL,
    position integer NOT NULL,
    content text NOT NULL,
    -- 32-bit floats, the low byte first.
    embedding bytea NOT NULL,
    PRIMARY KEY (project, document, position),
    FOREIGN KEY (project, document) REFERENCES knowledge_document (project, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
