import { gateAnswer } from "../gateAnswer.ts";
import type { JudgedRollout } from "../judgedRollout.ts";

/** The metrics of gates, by name; `labels` are those besides `GATE_LABELS`. */
export const GATE_METRICS = {
  agent_gate_decision: { help: "What a gate says of its newest rollout: 1 promote, 0 hold, -1 rollback.", labels: [] },
  agent_gate_e_value: {
    help: "The evidence of a gate: that the candidate is worse (harm), and that its weakest guardrail is not (non_inferior). 1 is none.",
    labels: ["evidence"],
  },
  agent_gate_e_value_needed: {
    help: "The evidence at which a gate rolls back (harm), or may promote (non_inferior).",
    labels: ["evidence"],
  },
  agent_gate_units: { help: "Settled units of a rollout, by the version that served them.", labels: ["version"] },
  agent_gate_split_ok: { help: "Whether the candidate has the share of the units that it should have: 1 yes, 0 no.", labels: [] },
  agent_gate_stage: { help: "The candidate's weight at the rollout's step, in percent.", labels: [] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type GateMetric = keyof typeof GATE_METRICS;

/** The labels that identify a series' gate. */
export const GATE_LABELS = ["project", "gate", "candidate", "stable"] as const;

/** One number of a gate. `labels` exclude the name. */
export type GateSample = { name: GateMetric; labels: Readonly<Record<string, string>>; value: number };

const DECISIONS = { promote: 1, hold: 0, rollback: -1 } as const;

/** The numbers of a rollout. Pure: the same for a scrape and for a query. */
export function gateSeries(judged: JudgedRollout): GateSample[] {
  const { project, gate, candidate, stable } = judged.rollout;
  const answer = gateAnswer(judged);
  const sample = (name: GateMetric, value: number, own: Record<string, string> = {}): GateSample => {
    return { name, labels: { project, gate, candidate, stable, ...own }, value };
  };
  return [
    sample("agent_gate_decision", DECISIONS[answer.decision]),
    sample("agent_gate_e_value", answer.eHarm, { evidence: "harm" }),
    sample("agent_gate_e_value", answer.eNonInferior, { evidence: "non_inferior" }),
    sample("agent_gate_e_value_needed", answer.eHarmToRollBack, { evidence: "harm" }),
    sample("agent_gate_e_value_needed", answer.eSafeToPromote, { evidence: "non_inferior" }),
    sample("agent_gate_units", answer.nCanary, { version: "canary" }),
    sample("agent_gate_units", answer.nStable, { version: "stable" }),
    sample("agent_gate_split_ok", Number(answer.srmOk)),
    sample("agent_gate_stage", answer.stage),
  ];
}
