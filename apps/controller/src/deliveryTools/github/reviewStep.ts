import type { GithubReview, GithubReviewChange } from "@signalbox/db/prisma";
import { type BackOff, backOffMs } from "@signalbox/model";
import { type GateAnswer, unknownCandidate, wholeAnswer } from "../gateAnswer.ts";
import type { RolloutReader } from "../judgedRollout.ts";
import type { KeptChecks } from "../keptChecks.ts";
import type { GithubApp, ReviewAnswer } from "./githubApp.ts";
import { cut } from "./githubReport.ts";
import { rolloutOfCommit } from "./rolloutOfCommit.ts";

/** How soon a held deployment is looked at again, in milliseconds, and below, how soon after a failure. */
const PAUSE_MS = 15_000;
const FAILED: BackOff = { firstMs: PAUSE_MS, msMax: 900_000 };

/** How long GitHub lets a deployment wait, in milliseconds. */
const WAIT_MS_MAX = 30 * 86_400_000;

/** GitHub's limits: ten reports per deployment; below, the characters in each. */
const COMMENTS_MAX = 10;
const COMMENT_CHARACTERS_MAX = 1_024;

/** The answer to send for a deployment now. Pure. Null if this hold was reported already, or the limit of reports is reached. */
export function reviewAnswer(
  { decision, reason }: GateAnswer,
  { told, comments }: Pick<GithubReview, "told" | "comments">,
): ReviewAnswer | null {
  const comment = cut(reason, COMMENT_CHARACTERS_MAX);
  if (decision !== "hold") return { state: decision === "promote" ? "approved" : "rejected", comment };
  return (told !== null && withoutNumbers(told) === withoutNumbers(comment)) || comments >= COMMENTS_MAX ? null : { comment };
}

/** A hold that differs from the last one only in its numbers is not news. */
const withoutNumbers = (reason: string): string => reason.replaceAll(/\d+/g, "#");

/**
 * The gate's answer on the deployed commit: a failed check of that commit rejects it; otherwise its rollout decides. A gate without a
 * rollout has only the check.
 */
async function answerFor(
  { project, gate, sha }: GithubReview,
  { rollouts, checks }: { rollouts: RolloutReader; checks: KeptChecks },
): Promise<GateAnswer> {
  const check = await checks.latest({ project, gate }, { commit: sha });
  const checked = (decision: GateAnswer["decision"], reason: string): GateAnswer => ({
    ...unknownCandidate(sha, "", `gate check: ${reason}`),
    ...{ decision, ok: decision === "promote" },
  });
  if (check?.verdict === "fail") return checked("rollback", check.reason);
  const judged = await rolloutOfCommit(rollouts, { project, gate }, sha);
  if (judged === null && check !== null && (await rollouts.newest({ project, gate })) === null)
    return checked(check.verdict === "pass" ? "promote" : "hold", check.reason);
  return judged === null
    ? unknownCandidate(sha, "", `No rollout of ${gate} has the commit ${sha.slice(0, 7)} as its candidate yet.`)
    : wholeAnswer(judged);
}

/**
 * Looks at a deployment once: sends the answer that is due, and returns the change to record. A failure is recorded too, and retried later.
 */
export async function reviewStep(
  review: GithubReview,
  { rollouts, checks, app, now }: { rollouts: RolloutReader; checks: KeptChecks; app: GithubApp; now: Date },
): Promise<GithubReviewChange> {
  const waiting = { state: "waiting" as const, now, nextAt: new Date(now.getTime() + PAUSE_MS) };
  const { comments, told, attempts } = review;
  if (now.getTime() - review.receivedAt.getTime() > WAIT_MS_MAX) return { ...waiting, state: "gone", attempts, comments, told };
  const failed = (): GithubReviewChange => {
    const failures = attempts + 1;
    return { ...waiting, nextAt: new Date(now.getTime() + backOffMs(FAILED, failures)), attempts: failures, comments, told };
  };
  // An unreadable rollout delays its own deployment and no other.
  const said = await answerFor(review, { rollouts, checks }).catch(() => null);
  if (said === null) return failed();
  const answer = reviewAnswer(said, review);
  if (answer === null) return { ...waiting, attempts: 0, comments, told };
  const sent = await app.review(review, answer).catch(() => ({ kind: "failed" as const }));
  if (sent.kind === "gone") return { ...waiting, state: "gone", attempts, comments, told };
  if (sent.kind === "failed") return failed();
  const isReport = answer.state === undefined;
  return { ...waiting, state: answer.state ?? "waiting", attempts: 0, comments: comments + Number(isReport), told: answer.comment };
}
