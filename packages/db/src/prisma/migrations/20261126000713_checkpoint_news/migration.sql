CREATE INDEX checkpoint_news_task_id_idx ON checkpoint_news (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX checkpoint_entry_erased_position_idx ON checkpoint_entry (erased_position) WHERE erased_position IS NOT NULL;

-- A task whose decisions were committed after 20261126000708 had listed those there were, and before its trigger was there, is news yet.
INSERT INTO checkpoint_news (task_id)
SELECT DISTINCT task_id FROM decision
WHERE NOT EXISTS (SELECT FROM checkpoint_entry AS entry WHERE entry.task_id = decision.task_id)
    AND NOT EXISTS (SELECT FROM checkpoint_news AS news WHERE news.task_id = decision.task_id);
