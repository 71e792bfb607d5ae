-- Who scores a trace by a version of a rule: claimed before any model is asked, so that no two controllers pay for it.
CREATE TABLE score_claim (
    rule_id uuid NOT NULL,
    version integer NOT NULL,
    trace_id text NOT NULL,
    holder text,
    held_until timestamptz(3) NOT NULL,
    claimed_at timestamptz(3) NOT NULL,
    abandoned integer NOT NULL DEFAULT 0,
    is_done boolean NOT NULL DEFAULT false,
    PRIMARY KEY (rule_id, version, trace_id),
    FOREIGN KEY (rule_id, version) REFERENCES score_rule_version (rule_id, version) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX score_claim_latest ON score_claim (rule_id, claimed_at);
