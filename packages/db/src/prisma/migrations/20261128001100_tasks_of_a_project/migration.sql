-- What of a project is at work, and what of it is next: where the number of its running tasks is limited, both are asked for whenever one of them ends.
CREATE INDEX task_unfinished_by_project ON task (project, status, lane, created_at, id) WHERE status IN ('queued', 'running');
