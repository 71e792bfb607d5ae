import { type GateMove, type LiveVerdict, needsApproval, type Rollout } from "@signalbox/model";

/**
 * The gate's move after a verdict; null: nothing new. Harm is rolled back in any state; nothing else is done
 * while the rollout is paused. A step that ran out of time waits for people, as does one that needs approval.
 * `before` is the last verdict in the log: another of the same kind, grounds and step is not logged again. Pure.
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
