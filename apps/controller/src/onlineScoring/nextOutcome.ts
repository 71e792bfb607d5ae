import type { ScoreOutcome } from "@signalbox/db/clickhouse";
import { type TraceScores, usedBefore } from "@signalbox/evals";
import { AppError, FAILURES, type JudgeUse } from "@signalbox/model";

/**
 * The result of a try to score a trace. `gone`: its spans are deleted. `error`: the thrown error. `spent`: it was not tried, since no try
 * is left.
 */
export type Try = ({ kind: "scored" } & TraceScores) | { kind: "gone" } | { kind: "error"; error: unknown } | { kind: "spent" };

/**
 * How often a trace is tried; each wait (milliseconds) is three times as long as the one before. Tries whose claimant disappeared count:
 * the trace may be what killed it.
 */
export const TRIES_MAX = 6;
const RETRY_AFTER_MS = 10_000;
const RETRY_FACTOR = 3;

const REASON_CHARS = 500;

/** Errors of a refused key concern all traces alike, and can be fixed by a person. */
const MENDABLE = new Set(["unauthenticated", "forbidden"]);

function mayPass(error: unknown): boolean {
  return !(error instanceof AppError) || FAILURES[error.code].retry || MENDABLE.has(error.code);
}

const GAVE_NO_WORD = "scored once more: whoever had claimed it was gone before saying what came of it";

/** Whether a trace has no tries left. */
export const isSpent = (before: ScoreOutcome, abandoned: number): boolean => before.tries + abandoned >= TRIES_MAX;

/** Notes on scores: that they were requested twice, and how much of the trace judges were not shown. */
function notesOf(abandoned: number, used: readonly JudgeUse[]): string[] {
  const leftOut = used.reduce((sum, { leftOutBytes }) => sum + leftOutBytes, 0);
  return [
    ...(abandoned === 0 ? [] : [abandoned === 1 ? GAVE_NO_WORD : `${GAVE_NO_WORD}, ${abandoned} times`]),
    ...(leftOut === 0 ? [] : [`it is too long for a judge: ${leftOut} bytes were left out, and the judge was told`]),
  ];
}

/** The total usage of judges for a trace in all its tries, including failed ones. */
function spentOf(before: ScoreOutcome, used: readonly JudgeUse[]): Pick<ScoreOutcome, "costUsd" | "tokens"> {
  return {
    costUsd: before.costUsd + used.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    tokens: before.tokens + used.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
  };
}

/**
 * The outcome of a waiting trace after a try; `abandoned` counts earlier claims that were lost. A judge without a usable answer gives no
 * score, and the trace has failed: its other scores stand.
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
