import { type GateMove, type LiveVerdict, needsApproval, type Rollout } from "@signalbox/model";

/**
 * What the gate does with a rollout on a verdict; null: nothing is new. What harms is rolled back whatever else is so; nothing
 * else is done while the rollout is paused. A step that ran out of time waits for people, as does one that somebody has to
 * approve. `before` is the verdict that the log ends with: a verdict of the same kind, grounds and step is not told again. Pure.
 */
export function nextMove(rollout: Rollout, verdict: LiveVerdict, before: LiveVerdict | null): GateMove | null {
  const { reason } = verdict;
  if (verdict.kind === "rollback") return { kind: "rollBack", reason };
  if (rollout.phase === "running") {
    if (verdict.grounds === "timeout") return { kind: "pause", reason, waitsFor: "time" };
    if (verdict.kind === "promote" && needsApproval(rollout))
      return { kind: "pause", reason: `${reason} Step ${rollout.step + 1} ends when somebody approves it.`, waitsFor: "approval" };
    if (verdict.kind === "promote") return { kind: verdict.isLastStep ? "promote" : "step", reason };
  }
  const isNews = before === null || before.kind !== verdict.kind || before.grounds !== verdict.grounds || before.step !== verdict.step;
  return isNews ? { kind: "look", reason } : null;
}
