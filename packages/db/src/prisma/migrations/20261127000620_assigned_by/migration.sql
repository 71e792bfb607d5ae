-- By what a project's units are drawn: sessions (users where a task has none), or users alone, as a rollout's policy says.
ALTER TABLE routing ADD COLUMN unit text NOT NULL DEFAULT 'session' CHECK (unit IN ('session', 'user'));
-- The weight (percent) that the gateway went by when it gave the task its version: what a gateway knew is not always what was in force. Tasks of before have none.
ALTER TABLE task ADD COLUMN weight double precision;
