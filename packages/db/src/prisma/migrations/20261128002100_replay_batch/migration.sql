-- Replays that were asked for together: what they were asked of, and how many they were to be. Some may go, with their tasks or with retention; of batches from before only what was left is known.
CREATE TABLE replay_batch (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    fingerprint text,
    since timestamptz(3),
    until timestamptz(3),
    plan json NOT NULL,
    wanted integer NOT NULL,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    CHECK ((since IS NULL) = (until IS NULL)),
    CHECK (fingerprint IS NULL OR since IS NULL)
);
CREATE INDEX replay_batch_of_group ON replay_batch (project, fingerprint, created_at DESC) WHERE fingerprint IS NOT NULL;
INSERT INTO replay_batch (id, project, plan, wanted, actor, created_at)
SELECT DISTINCT ON (batch_id) batch_id, project, plan, count(*) OVER (PARTITION BY batch_id), actor, created_at
FROM replay WHERE batch_id IS NOT NULL ORDER BY batch_id, id;
ALTER TABLE replay ADD CONSTRAINT replay_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES replay_batch (id) ON DELETE RESTRICT ON UPDATE RESTRICT;
