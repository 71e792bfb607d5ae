import { offlineHash } from "@signalbox/model";
import { gateAnswer } from "../gateAnswer.ts";
import type { JudgedRollout } from "../judgedRollout.ts";
import type { KeptCheck } from "../keptChecks.ts";

/** The webhooks of Flagger that are questions, by what they ask. */
export const FLAGGER_QUESTIONS = ["health", "advance", "promote", "rollback"] as const;
export type FlaggerQuestion = (typeof FLAGGER_QUESTIONS)[number];

/** Whether the answer is 200, and one line of why. */
export type FlaggerAnswer = { isOpen: boolean; reason: string };

/** More than any step: all of the traffic. */
const WHOLE = 100;

/**
 * Answers a question about the rollout that judges a canary, pure. `opened` is how often its weight was allowed to
 * grow: Flagger is at that stage. Its first step is open, else no unit would ever be exposed (fluxcd/flagger#1248).
 * `rollback` is the one question where yes takes the canary away: it is no unless harm is known.
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
 * Whether a canary may begin (`confirm-rollout`), pure: there is a rollout for it that goes on and judges no other
 * revision, and where its policy has an offline gate, the latest verdict of \`gate check\` that is kept of the
 * candidate is by just that and lets it. Flagger asks with the checksum of the revision before, so that none is bound to this question.
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
