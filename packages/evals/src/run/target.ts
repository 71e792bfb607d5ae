import type { TargetAnswer } from "../scorers/scorer.ts";
import type { RunItem } from "./runItem.ts";

/**
 * One question to a target. `key` (a UUID) is the same whenever this try of this item of this run
 * is repeated, so that a target that remembers it does nothing twice. `traceparent` (W3C) continues
 * the trace that the try is linked to. `signal` is aborted when the try has taken too long.
 */
export interface Question {
  readonly item: RunItem;
  readonly trial: number;
  readonly key: string;
  readonly traceparent: string;
  readonly signal: AbortSignal;
}

/** A target's reply. `traceId` is that of the trace which shows how it came about, null where there is none. */
export interface Reply extends Omit<TargetAnswer, "latencyMs"> {
  readonly traceId: string | null;
}

/**
 * The system under evaluation. `ask` may be called again with an earlier key. It throws an `AppError` with the code
 * `upstream_unavailable` when the target is down, so that asking about other items is no use either, `unauthenticated` or `forbidden`
 * when it does not let us in, and `invalid_input` when it cannot be asked at all; any other error is a failure of this item alone.
 */
export interface Target {
  ask(question: Question): Promise<Reply>;
}

/** A reply with nothing but its output. */
export function plainReply(output: unknown): Reply {
  return { output, toolCalls: null, state: null, reward: null, costUsd: null, tokens: null, traceId: null };
}
