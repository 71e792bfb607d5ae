-- A replay that was stopped at a call that is not on record did not see the task's end: whether that is another one is unknown.
UPDATE replay SET outcome_changed = NULL WHERE status = 'done' AND report -> 'replayed' ->> 'status' NOT IN ('done', 'dead');
