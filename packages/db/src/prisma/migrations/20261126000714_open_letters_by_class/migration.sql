-- Nothing paused the queue.
DROP TABLE queue_pause;

-- Rules and bulk acts look for open letters by how they failed.
CREATE INDEX dead_letter_open_by_class ON dead_letter (project, error_class, last_failed_at) WHERE redriven_at IS NULL AND discarded_at IS NULL;
