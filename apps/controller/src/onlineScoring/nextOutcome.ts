import type { ScoreOutcome } from "@signalbox/db/clickhouse";
import { type TraceScores, usedBefore } from "@signalbox/evals";
import { AppError, FAILURES, type JudgeUse } from "@signalbox/model";

/** How a try to score a trace ended. `error` is what was thrown; `spent`: it was not tried, since no try is left. */
export type Try = ({ kind: "scored" } & TraceScores) | { kind: "gone" } | { kind: "error"; error: unknown } | { kind: "spent" };

/**
 * A trace is tried so often, each time after three times as long as before (milliseconds).
 * The tries of those who had claimed it and were gone count: it may be what ended them.
 */
export const TRIES_MAX = 6;
const RETRY_AFTER_MS = 10_000;
const RETRY_FACTOR = 3;

const REASON_CHARS = 500;

/** What a refused key is for one trace it is for all: somebody will mend it. */
const MENDABLE = new Set(["unauthenticated", "forbidden"]);

function mayPass(error: unknown): boolean {
  return !(error instanceof AppError) || FAILURES[error.code].retry || MENDABLE.has(error.code);
}

const GAVE_NO_WORD = "scored once more: whoever had claimed it was gone before saying what came of it";

/** Whether a trace has no try left. */
export const isSpent = (before: ScoreOutcome, abandoned: number): boolean => before.tries + abandoned >= TRIES_MAX;

/** What is to be known of scores: that they were asked for twice, and what judges were not shown. */
function notesOf(abandoned: number, used: readonly JudgeUse[]): string[] {
  const leftOut = used.reduce((sum, { leftOutBytes }) => sum + leftOutBytes, 0);
  return [
    ...(abandoned === 0 ? [] : [abandoned === 1 ? GAVE_NO_WORD : `${GAVE_NO_WORD}, ${abandoned} times`]),
    ...(leftOut === 0 ? [] : [`it is too long for a judge: ${leftOut} bytes were left out, and the judge was told`]),
  ];
}

/** What judges have taken of a trace in all its tries, those that failed among them. */
function spentOf(before: ScoreOutcome, used: readonly JudgeUse[]): Pick<ScoreOutcome, "costUsd" | "tokens"> {
  return {
    costUsd: before.costUsd + used.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    tokens: before.tokens + used.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
  };
}

/**
 * What becomes of a trace that waited, after a try; `abandoned` counts those who had claimed it before and were
 * gone. Of a judge that said nothing usable no score is made, and the trace has failed: its other scores stand.
 */
export function nextOutcome(before: ScoreOutcome, tried: Try, nowMs: number, abandoned = 0): ScoreOutcome {
  const tries = before.tries + (tried.kind === "spent" ? 0 : 1);
  const failed = (reason: string): ScoreOutcome => ({ ...before, tries, state: "failed", reason: reason.slice(0, REASON_CHARS) });
  switch (tried.kind) {
    case "gone":
      return failed("its spans were gone before it was scored: dropped by tail sampling, erased, or too old");
    case "spent":
      return {
        ...failed(`${abandoned} of ${tries + abandoned} tries to score it never ended: it may be what stops its scorer, or the controller`),
        tries: tries + abandoned,
      };
    case "error": {
      const reason = tried.error instanceof Error ? tried.error.message : String(tried.error);
      const spent = spentOf(before, usedBefore(tried.error));
      if (tries + abandoned >= TRIES_MAX || !mayPass(tried.error)) return { ...failed(reason), ...spent };
      const nextTryAtMs = nowMs + RETRY_AFTER_MS * RETRY_FACTOR ** (tries - 1);
      return { ...before, tries, reason: reason.slice(0, REASON_CHARS), nextTryAtMs, ...spent };
    }
    case "scored": {
      const { scores, failures, used } = tried;
      const notes = notesOf(abandoned, used).join("; ").slice(0, REASON_CHARS);
      return {
        ...(failures.length === 0 ? { ...before, tries, state: "scored" as const, reason: notes } : failed(failures.join("; "))),
        scores: Object.fromEntries(scores.map(({ name, value }) => [name, value])),
        ...spentOf(before, used),
      };
    }
  }
}
