-- A worker of the release before 706 says nothing of where a task failed, and goes on writing letters while newer ones start beside it.
ALTER TABLE dead_letter ALTER COLUMN kind SET DEFAULT 'task', ALTER COLUMN service SET DEFAULT 'unknown', ALTER COLUMN error_class SET DEFAULT 'unknown',
    ALTER COLUMN error_chain SET DEFAULT '[]';
-- Nobody knows where the older ones failed: 706 said the worker, which is what a letter without causes and frame cannot know.
UPDATE dead_letter SET service = 'unknown' WHERE service = 'signalbox-agent' AND tool IS NULL AND frame IS NULL AND error_chain::text = '[]';
