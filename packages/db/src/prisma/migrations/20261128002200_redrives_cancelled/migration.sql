-- A redrive is cancelled, as a replay is: one word for one thing.
ALTER TABLE redrive DROP CONSTRAINT redrive_state_check, DROP CONSTRAINT redrive_check;
UPDATE redrive SET state = 'cancelled' WHERE state = 'aborted';
ALTER TABLE redrive
    ADD CONSTRAINT redrive_state_check CHECK (state IN ('running', 'paused', 'stopped', 'done', 'cancelled')),
    ADD CONSTRAINT redrive_check CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL));
