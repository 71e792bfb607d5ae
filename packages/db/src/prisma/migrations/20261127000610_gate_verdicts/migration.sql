-- A verdict of an offline gate with all that it follows from: policy and evidence are as they were judged, so that it can be computed anew.
CREATE TABLE gate_verdict (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    gate text NOT NULL,
    at timestamptz(3) NOT NULL,
    actor text NOT NULL,
    git_commit text,
    policy json NOT NULL,
    policy_hash text NOT NULL,
    evidence json NOT NULL,
    verdict json NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('pass', 'fail', 'inconclusive')),
    reason text NOT NULL,
    candidate text NOT NULL,
    baseline text,
    candidate_version text,
    dataset text,
    dataset_hash text
);
CREATE INDEX gate_verdict_latest ON gate_verdict (project, at DESC);
CREATE INDEX gate_verdict_of_version ON gate_verdict (project, candidate_version, at DESC) WHERE candidate_version IS NOT NULL;
