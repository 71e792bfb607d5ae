import { AppError } from "../errors/errors.ts";
import type { CanaryPolicy, CanaryStep } from "../gatePolicy/index.ts";
import type { LiveVerdict } from "./liveVerdict.ts";
import { type ExpectedRollout, ROLLOUTS_UNDER_WAY, type Rollout, type RolloutVerb } from "./rollout.ts";
import type { RolloutEntryKind } from "./rolloutEntry.ts";

/** The gate's move after a verdict: report what it saw (`look`), go to the next step, wait for people, or end the rollout. */
export type GateMove =
  | { readonly kind: "look"; readonly reason: string }
  | { readonly kind: "step"; readonly reason: string }
  | { readonly kind: "pause"; readonly reason: string; readonly waitsFor: "approval" | "time" }
  | { readonly kind: "promote"; readonly reason: string }
  | { readonly kind: "rollBack"; readonly reason: string };

/** A change by a person or the gate: `reason` is theirs, `at` the time (ISO 8601, UTC). */
export type RolloutChange =
  | { readonly by: "person"; readonly act: RolloutVerb; readonly actor: string; readonly reason: string; readonly at: string }
  | { readonly by: "gate"; readonly move: GateMove; readonly verdict: LiveVerdict; readonly at: string };

/** A rollout after a change, and the log entry about it. */
export type RolloutChanged = {
  readonly rollout: Rollout;
  readonly entry: {
    readonly kind: RolloutEntryKind;
    readonly actor: string;
    readonly reason: string;
    readonly verdict: LiveVerdict | null;
  };
};

/** The gate's name as an actor in logs. */
export const GATE_ACTOR = "gate";

/** The canary policy of a rollout's gate. */
export function canaryOf({ policy }: Pick<Rollout, "policy">): CanaryPolicy {
  const { canary } = policy.spec;
  if (canary === undefined) throw new TypeError("a rollout began without a canary policy");
  return canary;
}

/** The current step of a rollout. */
export function stepOf(rollout: Pick<Rollout, "policy" | "step">): CanaryStep {
  const step = canaryOf(rollout).steps[rollout.step];
  if (step === undefined) throw new TypeError(`the policy has no step ${rollout.step}`);
  return step;
}

export const isUnderWay = ({ phase }: Pick<Rollout, "phase">): boolean => (ROLLOUTS_UNDER_WAY as readonly string[]).includes(phase);

/** The candidate's current share of units, in percent. */
export function weightOf(rollout: Pick<Rollout, "policy" | "step" | "phase">): number {
  if (rollout.phase === "promoted") return 100;
  return isUnderWay(rollout) ? stepOf(rollout).setWeight : 0;
}

/** Whether the rollout's step needs an approval that it does not have yet. */
export const needsApproval = (rollout: Pick<Rollout, "policy" | "step" | "approvedStep">): boolean =>
  stepOf(rollout).approve === true && rollout.approvedStep !== rollout.step;

/** The time that a rollout's step has taken at `nowMs` (milliseconds since 1970), in milliseconds; pauses do not count. */
export function stepElapsedMs({ stepStartedAt, pausedAt }: Pick<Rollout, "stepStartedAt" | "pausedAt">, nowMs: number): number {
  return Math.max(0, (pausedAt === null ? nowMs : Date.parse(pausedAt)) - Date.parse(stepStartedAt));
}

/**
 * Applies a change to a rollout: its new state, and the log entry. Pure. Throws `conflict`
 * where the rollout's state does not allow the change; `retry` leaves the old rollout as it is.
 */
export function changeRollout(rollout: Rollout, change: RolloutChange): RolloutChanged {
  return change.by === "gate" ? moved(rollout, change) : acted(rollout, change);
}

const NOT_PAUSED = { pausedBy: null, pausedFor: null, pausedAt: null } as const;
const GOING_ON = { phase: "running", ...NOT_PAUSED } as const;

function moved(rollout: Rollout, { move, verdict, at }: Extract<RolloutChange, { by: "gate" }>): RolloutChanged {
  const { reason } = move;
  if (!isUnderWay(rollout)) throw refused(rollout, move.kind, "It is over.");
  if (rollout.phase === "paused" && (move.kind === "step" || move.kind === "promote"))
    throw refused(rollout, move.kind, "A pause stops the gate from that.");
  const becomes = (kind: RolloutEntryKind, changes: Partial<Rollout>): RolloutChanged => ({
    rollout: { ...rollout, reason, ...changes },
    entry: { kind, actor: GATE_ACTOR, reason, verdict },
  });
  const ended = { ...NOT_PAUSED, endedAt: at } as const;
  switch (move.kind) {
    case "look":
      return becomes("looked", {});
    case "step":
      return becomes("stepped", { ...GOING_ON, step: rollout.step + 1, stepStartedAt: at });
    case "pause":
      return becomes("paused", { phase: "paused", pausedBy: "gate", pausedFor: move.waitsFor, pausedAt: at });
    case "promote":
      return becomes("promoted", { ...ended, phase: "promoted" });
    case "rollBack":
      return becomes("rolledBack", { ...ended, phase: "rolledBack" });
  }
}

function acted(rollout: Rollout, { act, actor, reason, at }: Extract<RolloutChange, { by: "person" }>): RolloutChanged {
  const becomes = (kind: RolloutEntryKind, changes: Partial<Rollout>): RolloutChanged => ({
    rollout: { ...rollout, reason: `${actor}: ${reason}`, ...changes },
    entry: { kind, actor, reason, verdict: null },
  });
  const ended = { ...NOT_PAUSED, endedAt: at } as const;
  if (act === "retry") {
    if (rollout.phase === "aborted" || rollout.phase === "rolledBack") return becomes("retried", { reason: rollout.reason });
    throw refused(rollout, act, "Only one that was aborted or rolled back can be tried again.");
  }
  if (!isUnderWay(rollout)) throw refused(rollout, act, "Its log says why; `./signalbox rollout start` begins another.");
  switch (act) {
    case "pause":
      if (rollout.phase === "paused") throw refused(rollout, act, "It can be resumed, promoted or aborted.");
      return becomes("paused", { phase: "paused", pausedBy: "person", pausedFor: "person", pausedAt: at });
    case "resume": {
      if (rollout.pausedAt === null) throw refused(rollout, act, "It can be paused, promoted or aborted.");
      if (rollout.pausedFor === "approval")
        throw refused(rollout, act, "It waits for somebody to approve the step: `./signalbox rollout approve`.");
      return becomes("resumed", { ...GOING_ON, stepStartedAt: resumedStep(rollout, at) });
    }
    case "approve":
      if (!needsApproval(rollout))
        throw refused(rollout, act, `Step ${rollout.step + 1} waits for nobody: the policy says "approve: true" of a step that does.`);
      return rollout.pausedBy === "gate"
        ? becomes("approved", { ...GOING_ON, approvedStep: rollout.step, stepStartedAt: at })
        : becomes("approved", { approvedStep: rollout.step });
    case "promote":
      return becomes("promoted", { ...ended, phase: "promoted" });
    case "abort":
      return becomes("aborted", { ...ended, phase: "aborted" });
  }
}

/** The effective start of a resumed step: a step that ran out of time gets its whole time again, any other the time it had left. */
function resumedStep({ stepStartedAt, pausedAt, pausedBy }: Rollout, at: string): string {
  if (pausedBy === "gate" || pausedAt === null) return at;
  return new Date(Date.parse(stepStartedAt) + Math.max(0, Date.parse(at) - Date.parse(pausedAt))).toISOString();
}

/** Throws `conflict`, with the current state, where a rollout is no longer in the state that an act expects. */
export function requireExpected(rollout: Rollout, act: RolloutVerb, { step, phase }: ExpectedRollout): void {
  if ((step ?? rollout.step) === rollout.step && (phase ?? rollout.phase) === rollout.phase) return;
  const expected = `it ${phase === undefined ? "was" : PHASE_WORDS[phase]}${step === undefined ? "" : ` at step ${step + 1}`}`;
  throw new AppError(
    "conflict",
    `Rollout ${rollout.id} is not as it was when you chose to ${act} it: ${whereText(rollout)} (${rollout.reason}).`,
    { hint: `You chose when ${expected}. Look at it again, and decide on what is so now.` },
  );
}

/** A rollout's state as a clause. */
export const whereText = ({ phase, step }: Pick<Rollout, "phase" | "step">): string => `it ${PHASE_WORDS[phase]} at step ${step + 1}`;

/** The condition that a paused rollout waits for, and the act that resumes it, in a sentence; null for a rollout that is not paused. */
export function waitsForText(rollout: Pick<Rollout, "policy" | "step" | "phase" | "pausedFor" | "approvedStep">): string | null {
  if (rollout.phase !== "paused") return null;
  const step = `Step ${rollout.step + 1}`;
  switch (rollout.pausedFor) {
    case "approval":
      return `${step} is done and waits for approval: approve lets it go on.`;
    case "time":
      return `${step} ran out of time: resume gives it its whole time again${needsApproval(rollout) ? ", approve does so and lets it end" : ""}, promote or abort ends the rollout.`;
    default:
      return "Somebody paused it: resume lets it go on.";
  }
}

const PHASE_WORDS = {
  running: "runs",
  paused: "is paused",
  promoted: "was promoted",
  rolledBack: "was rolled back",
  aborted: "was aborted",
} as const satisfies Record<Rollout["phase"], string>;

function refused({ id, phase, reason }: Rollout, act: RolloutVerb | GateMove["kind"], hint: string): AppError {
  return new AppError("conflict", `Rollout ${id} cannot be told to ${act}: it ${PHASE_WORDS[phase]} (${reason}).`, { hint });
}
