-- The text of an answer while a model writes it, for who follows the task: the step that it will stand in has it for good. Like the rates beside it, it is
-- nobody's record: a backup leaves it out, and a crash of the server takes it along. `answer` tells an answer from another one to the same question.
CREATE UNLOGGED TABLE signalbox_gateway.draft (
    task_id uuid PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,
    step integer NOT NULL,
    answer uuid NOT NULL,
    text text NOT NULL,
    written_at timestamptz(3) NOT NULL
);
