-- Who follows a task says so again while it does: one that has left is not told, and paid for, for ever. `is_followed` stays for the processes of the release
-- before this one, which are told within 15 s where they run beside newer ones.
ALTER TABLE task ADD COLUMN followed_until timestamptz(3);
DROP TRIGGER task_progress ON task;
CREATE TRIGGER task_progress AFTER UPDATE ON task FOR EACH ROW
    WHEN (NEW.followed_until > now() AND (NEW.head_seq, NEW.status, NEW.attempts) IS DISTINCT FROM (OLD.head_seq, OLD.status, OLD.attempts))
    EXECUTE FUNCTION tell_task_progress();
