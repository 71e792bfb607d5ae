import type { ScoreOutcome } from "@signalbox/db/clickhouse";
import type { TraceScores } from "@signalbox/evals";
import { AppError, FAILURES } from "@signalbox/model";

/** How a try to score a trace ended. `error` is what was thrown. */
export type Try = ({ kind: "scored" } & TraceScores) | { kind: "gone" } | { kind: "error"; error: unknown };

/** A trace is tried so often, each time after three times as long as before (milliseconds). */
export const TRIES_MAX = 6;
const RETRY_AFTER_MS = 10_000;
const RETRY_FACTOR = 3;

const REASON_CHARS = 500;

/** What a refused key is for one trace it is for all: somebody will mend it. */
const MENDABLE = new Set(["unauthenticated", "forbidden"]);

function mayPass(error: unknown): boolean {
  return !(error instanceof AppError) || FAILURES[error.code].retry || MENDABLE.has(error.code);
}

/** What becomes of a trace that waited, after a try. Of a judge that said nothing usable no score is made, and the trace has failed: its other scores stand. */
export function nextOutcome(before: ScoreOutcome, tried: Try, nowMs: number): ScoreOutcome {
  const tries = before.tries + 1;
  const failed = (reason: string): ScoreOutcome => ({ ...before, tries, state: "failed", reason: reason.slice(0, REASON_CHARS) });
  switch (tried.kind) {
    case "gone":
      return failed("its spans were gone before it was scored: dropped by tail sampling, erased, or too old");
    case "error": {
      const reason = tried.error instanceof Error ? tried.error.message : String(tried.error);
      if (tries >= TRIES_MAX || !mayPass(tried.error)) return failed(reason);
      const nextTryAtMs = nowMs + RETRY_AFTER_MS * RETRY_FACTOR ** (tries - 1);
      return { ...before, tries, reason: reason.slice(0, REASON_CHARS), nextTryAtMs };
    }
    case "scored": {
      const { scores, failures, used } = tried;
      return {
        ...(failures.length === 0 ? { ...before, tries, state: "scored" as const, reason: "" } : failed(failures.join("; "))),
        scores: Object.fromEntries(scores.map(({ name, value }) => [name, value])),
        costUsd: before.costUsd + used.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
        tokens: before.tokens + used.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
      };
    }
  }
}
