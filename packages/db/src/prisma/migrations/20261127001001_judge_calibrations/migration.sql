CREATE TABLE judge_calibration (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    score_name text NOT NULL,
    judge text NOT NULL,
    label_set text NOT NULL,
    labels integer NOT NULL CHECK (labels > 0),
    record json NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz(3) NOT NULL
);
CREATE INDEX judge_calibration_latest ON judge_calibration (project, score_name, judge, made_at);
