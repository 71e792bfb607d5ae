-- A replay that somebody called off; when one that was put back may be taken up again; the workers that died with it in hand; and the calls outside that it made or was about to make.
ALTER TABLE replay
    ADD COLUMN not_before timestamptz(3),
    ADD COLUMN deaths integer NOT NULL DEFAULT 0,
    ADD COLUMN outside_calls integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT replay_status_check,
    ADD CONSTRAINT replay_status_check CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
    DROP CONSTRAINT replay_check1,
    ADD CONSTRAINT replay_check1 CHECK ((status IN ('failed', 'cancelled')) = (error IS NOT NULL));
