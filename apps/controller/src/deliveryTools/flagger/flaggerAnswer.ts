import { offlineHash } from "@signalbox/model";
import { gateAnswer } from "../gateAnswer.ts";
import type { JudgedRollout } from "../judgedRollout.ts";
import type { KeptCheck } from "../keptChecks.ts";

/** Flagger's webhooks that are questions, by what they ask. */
export const FLAGGER_QUESTIONS = ["health", "advance", "promote", "rollback"] as const;
export type FlaggerQuestion = (typeof FLAGGER_QUESTIONS)[number];

/** An answer to Flagger: 200 if open, and the reason in one line. */
export type FlaggerAnswer = { isOpen: boolean; reason: string };

/** All of the traffic, in percent: more than any step. */
const WHOLE = 100;

/**
 * Answers a question about a canary from the rollout that judges it. Pure. `opened` counts how often the canary's weight was allowed to
 * grow, and so gives Flagger's stage. The first step is always open, or no unit would ever be exposed (fluxcd/flagger#1248). `rollback` is
 * the only question where yes removes the canary: the answer is no unless harm is known.
 */
export function flaggerAnswer(question: FlaggerQuestion, judged: JudgedRollout, opened: number): FlaggerAnswer {
  const current = gateAnswer(judged);
  const isHarmful = current.decision === "rollback";
  if (question === "rollback") return { isOpen: isHarmful, reason: current.reason };
  if (question === "health" || isHarmful) return { isOpen: !isHarmful, reason: current.reason };
  if (question === "promote") return openIf(gateAnswer(judged, { stage: WHOLE }));
  if (judged.rollout.phase === "running" && opened === 0)
    return { isOpen: true, reason: "The first step is always open: without it no unit would be exposed." };
  const steps = judged.rollout.policy.spec.canary?.steps ?? [];
  return openIf(gateAnswer(judged, { stage: steps[opened - 1]?.setWeight ?? WHOLE }));
}

const openIf = ({ ok, reason }: { ok: boolean; reason: string }): FlaggerAnswer => ({ isOpen: ok, reason });

/**
 * Whether a canary may begin (`confirm-rollout`). Pure. Its rollout must be running or promoted and must judge no other revision; and if
 * its policy has an offline gate, the latest stored verdict of `gate check` on the candidate must be by exactly that gate and allow it.
 * Flagger sends the checksum of the previous revision here, so this question binds none.
 */
export function mayBegin(judged: JudgedRollout, { isTaken, check }: { isTaken: boolean; check: KeptCheck | null }): FlaggerAnswer {
  const { gate, candidate, phase, reason, policy } = judged.rollout;
  if (phase !== "running" && phase !== "promoted") return { isOpen: false, reason };
  if (isTaken) return { isOpen: false, reason: `The rollout of ${candidate} judges another revision: start one of ${gate} for this one.` };
  const { offline } = policy.spec;
  if (offline !== undefined) {
    if (check === null)
      return { isOpen: false, reason: `No verdict of gate check on ${candidate} is kept: ./signalbox gate check makes one.` };
    if (check.offlineHash !== offlineHash(policy))
      return { isOpen: false, reason: `gate check judged ${candidate} by another policy than its rollout's: check it by that one.` };
    const isOpen =
      check.verdict === "pass" || (check.verdict === "inconclusive" && ["pass", "warn"].includes(offline.onInconclusive ?? "fail"));
    if (!isOpen) return { isOpen, reason: `gate check said ${check.verdict} of ${candidate}: ${check.reason}` };
  }
  return { isOpen: true, reason: `The rollout of ${candidate} has begun.` };
}
