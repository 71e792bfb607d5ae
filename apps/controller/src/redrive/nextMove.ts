import type { RedriveMove, RedriveView } from "@signalbox/db/prisma";

/** The most that a rate saves up while nothing is moved, in seconds' worth: a late round catches up by that much and no more. */
const BURST_S = 0.25;

/** The most letters that one transaction moves. */
const LETTERS_MAX = 100;

/** How many letters the rate allows now. At least one can be saved up, so that a slow rate makes progress. */
function tokensAt({ ratePerSecond, tokens, tokensAtMs }: RedriveView, nowMs: number): number {
  const grown = tokens + (Math.max(0, nowMs - tokensAtMs) / 1_000) * ratePerSecond;
  return Math.min(grown, Math.max(1, ratePerSecond * BURST_S));
}

/** The state of the first share: it lacks some letters, is running, has failed, or has passed so that the rest may go. */
function judgeFirst({ tryFirst, first }: RedriveView): { lacks: number } | "at work" | "failed" | "passed" {
  if (tryFirst === null) return "passed";
  const tried = first.running + first.passed + first.failed;
  if (first.running === 0 && first.failed > 0) return "failed";
  if (tried < tryFirst) return { lacks: tryFirst - tried };
  return first.running > 0 ? "at work" : "passed";
}

/** The next move of a running redrive. Pure: `nowMs` is milliseconds since 1970. */
export function nextMove(view: RedriveView, nowMs: number): RedriveMove {
  const { hasPending, isAtWork, ended, first, tryFirst } = view;
  const verdict = judgeFirst(view);
  if (verdict === "failed" && hasPending) {
    const failed = `${first.failed} of the first ${Math.min(tryFirst ?? 0, first.failed + first.passed)} failed again`;
    return { kind: "stop", note: first.failure === null ? `${failed}.` : `${failed}: ${first.failure}` };
  }
  if (ended !== null)
    return { kind: "done", note: `${ended.passed} ended well, ${ended.failed} failed again, ${ended.skipped} were skipped.` };
  if (!hasPending && isAtWork) return { kind: "wait" };
  if (verdict === "at work") return { kind: "wait" };

  const tokens = tokensAt(view, nowMs);
  const lacking = typeof verdict === "object" ? verdict.lacks : Number.POSITIVE_INFINITY;
  const letters = Math.min(Math.floor(tokens), lacking, LETTERS_MAX);
  return letters < 1 ? { kind: "wait" } : { kind: "redrive", letters, tokens: tokens - letters };
}

/** The same move with at most one letter; the unused allowance is kept. */
export function oneLetter(move: RedriveMove): RedriveMove {
  return move.kind === "redrive" ? { kind: "redrive", letters: 1, tokens: move.tokens + move.letters - 1 } : move;
}
