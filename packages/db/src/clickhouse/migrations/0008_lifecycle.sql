-- What an erasure that is under way is about, one partition each, which goes when it is done: its traces, and the minutes in which spans of theirs start; and in a row of its own
-- whom it is about. Mutations name the erasure and nothing else: their text stays on disk beside the table.
CREATE TABLE IF NOT EXISTS erasing
(
    erasure String,
    trace_id FixedString(16),
    minute DateTime('UTC'),
    value String
)
ENGINE = MergeTree
PARTITION BY erasure
ORDER BY (trace_id, minute);
