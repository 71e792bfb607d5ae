import type { JudgedRollout } from "./judgedRollout.ts";

/**
 * A gate's answer, which each adapter translates for its delivery tool. `ok`: the tool may go on from the stage that it asked about.
 * `stage` is the weight (percent) of the rollout's step, `step` counts from 1; both are 0 without a rollout. `nCanary` and `nStable` are
 * settled units; `eHarm` is the evidence that the candidate is worse (it rolls back at `eHarmToRollBack`), `eNonInferior` the weakest
 * guardrail's evidence of staying within its margin (all of them have to reach `eSafeToPromote`). An e-value without data is 1. Every key
 * always exists, and every number is finite.
 */
export type GateAnswer = {
  decision: "promote" | "hold" | "rollback";
  ok: boolean;
  reason: string;
  phase: JudgedRollout["rollout"]["phase"] | "none";
  canary: string;
  stable: string;
  step: number;
  stage: number;
  nCanary: number;
  nStable: number;
  eHarm: number;
  eHarmToRollBack: number;
  eNonInferior: number;
  eSafeToPromote: number;
  srmOk: boolean;
};

/** The e-value before any data. */
const NO_EVIDENCE = 1;

/**
 * A delivery tool's question: may it go on from `stage` (percent of the traffic)? At or beyond the last step that means all of it; without
 * a stage, the question is about the rollout's current step.
 */
export type StageQuestion = { stage?: number | undefined };

/**
 * A gate's answer on a rollout. Pure. Harm rolls back even while a rollout is paused, and so does an aborted rollout. A paused one holds. A
 * stage that was passed stays passed, and one not reached yet is held.
 */
export function gateAnswer(judged: JudgedRollout, { stage }: StageQuestion = {}): GateAnswer {
  const { rollout, verdict } = judged;
  const steps = stepsOf(judged);
  const { decision, reason } = decide(judged, stage === undefined ? rollout.step : stepAt(steps, stage));
  const safety = (verdict?.metrics ?? []).flatMap(({ role, eSafe }) => (role === "guardrail" && eSafe !== null ? [eSafe] : []));
  return {
    ...{ decision, ok: decision === "promote", reason, phase: rollout.phase, canary: rollout.candidate, stable: rollout.stable },
    ...{ step: rollout.step + 1, stage: steps[rollout.step]?.setWeight ?? 0 },
    ...{ nCanary: verdict?.units.candidate ?? 0, nStable: verdict?.units.stable ?? 0 },
    ...{ eHarm: finite(verdict?.eHarm), eHarmToRollBack: finite(verdict?.eHarmToRollBack) },
    ...{ eNonInferior: finite(safety.length === 0 ? undefined : Math.min(...safety)), eSafeToPromote: finite(verdict?.eSafeToPromote) },
    srmOk: verdict?.split.isOk ?? true,
  };
}

/** The answer for a tool that asks once, for all of the traffic, and cannot revoke a yes: only a promoted rollout is a yes. Pure. */
export function wholeAnswer(judged: JudgedRollout): GateAnswer {
  const answer = gateAnswer(judged);
  if (answer.decision !== "promote" || answer.phase === "promoted") return answer;
  return {
    ...answer,
    decision: "hold",
    ok: false,
    reason: `${answer.reason} The rollout goes on until the candidate has all of the traffic.`,
  };
}

/** The answer for a candidate without a rollout: hold, with the reason. */
export function unknownCandidate(canary: string, stable: string, reason: string): GateAnswer {
  return {
    ...{ decision: "hold", ok: false, reason, phase: "none", canary, stable, step: 0, stage: 0, nCanary: 0, nStable: 0 },
    ...{ eHarm: NO_EVIDENCE, eHarmToRollBack: NO_EVIDENCE, eNonInferior: NO_EVIDENCE, eSafeToPromote: NO_EVIDENCE, srmOk: true },
  };
}

type Decision = Pick<GateAnswer, "decision" | "reason">;

function decide(judged: JudgedRollout, asked: number): Decision {
  const { failure } = judged;
  const said = decideByLook(judged, asked);
  if (failure === null || said.decision !== "hold") return said;
  return { ...said, reason: `${said.reason} The gate cannot look since ${failure.since}: ${failure.reason}` };
}

function decideByLook({ rollout, verdict, isOfNow }: JudgedRollout, asked: number): Decision {
  const { phase, reason, step } = rollout;
  if (phase === "promoted") return { decision: "promote", reason };
  if (phase === "rolledBack" || phase === "aborted") return { decision: "rollback", reason };
  if (verdict?.kind === "rollback") return { decision: "rollback", reason: verdict.reason };
  if (phase === "paused") return { decision: "hold", reason };
  if (asked < step) return { decision: "promote", reason: `Step ${asked + 1} is done: the rollout is at step ${step + 1}.` };
  if (asked > step) return { decision: "hold", reason: `The rollout is at step ${step + 1} and not at step ${asked + 1} yet.` };
  if (verdict === null || !isOfNow) return { decision: "hold", reason: `Step ${step + 1} was not looked at since it began.` };
  return { decision: verdict.kind, reason: verdict.reason };
}

function stepsOf({ rollout }: JudgedRollout) {
  return rollout.policy.spec.canary?.steps ?? [];
}

/** The step that covers a stage: the first one with at least its weight, else the last. */
function stepAt(steps: readonly { setWeight: number }[], stage: number): number {
  const covering = steps.findIndex(({ setWeight }) => setWeight >= stage);
  return covering < 0 ? Math.max(0, steps.length - 1) : covering;
}

/** A finite number: JSON has no infinity, and delivery tools' expressions fail on non-numbers. */
function finite(value: number | undefined): number {
  if (value === undefined || Number.isNaN(value)) return NO_EVIDENCE;
  return Math.min(value, Number.MAX_VALUE);
}
