import { type EvalResult, spanIdOf, stableId, type TryStore, traceIdOf } from "@signalbox/model";
import type { ReadyScorer } from "../scorers/scorers.ts";
import { type AskLimits, askTarget } from "./askTarget.ts";
import { openPace } from "./pace.ts";
import type { RunItem } from "./runItem.ts";
import { requireNeeds, scoreAnswer, scoreFailure } from "./scoreTry.ts";
import type { Target } from "./target.ts";

/** The parts of a run. `items` is read lazily, so that more items take no more memory. */
export interface RunParts extends AskLimits {
  readonly runId: string;
  readonly items: Iterable<RunItem> | AsyncIterable<RunItem>;
  readonly target: Target;
  readonly scorers: readonly ReadyScorer[];
  readonly store: TryStore;
  /** Tries of every item. */
  readonly trials: number;
  readonly unitKey: string | null;
  readonly concurrency: number;
  readonly ratePerSecond: number | null;
  /** Whether each try writes a trace, under the id passed to the target; a target may name another. */
  readonly isTraced: boolean;
  /** Called after every try with the number of finished ones, including those from before the run was resumed. */
  readonly onProgress?: (finished: number) => void;
}

/** The identity of a try, which is the same whenever it is repeated: its idempotency key, its trace, and the header that passes that on. */
export function tryIdentity(runId: string, itemId: string, trial: number): { key: string; traceId: string; traceparent: string } {
  const key = stableId("eval", runId, itemId, String(trial));
  const traceId = traceIdOf(key);
  return { key, traceId, traceparent: `00-${traceId}-${spanIdOf(key, 0)}-01` };
}

/** The unit of an item: the value of its metadata under `unitKey`, else the item itself. */
function unitOf(item: RunItem, unitKey: string | null): string {
  const value = unitKey === null ? undefined : item.metadata[unitKey];
  return value === undefined || value === null ? item.id : String(value);
}

/** The expectation of an item as shown to people: the expected output, or whatever else the item expects. */
function expectedOf({ expectedOutput, expectedToolCalls, expectedState }: RunItem): unknown {
  return expectedOutput ?? expectedToolCalls ?? expectedState;
}

async function makeTry(parts: RunParts, item: RunItem, position: number, trial: number): Promise<EvalResult> {
  const { runId, target, scorers, unitKey, isTraced } = parts;
  const { key, traceId: ownTraceId, traceparent } = tryIdentity(runId, item.id, trial);
  const asked = await askTarget(target, { item, trial, key, traceparent }, parts);
  const common = {
    position,
    itemId: item.id,
    trial,
    unit: unitOf(item, unitKey),
    input: item.input,
    expected: expectedOf(item),
    latencyMs: asked.latencyMs,
  };
  if (asked.kind === "failed") {
    const none = { output: null, traceId: isTraced ? ownTraceId : null, costUsd: null, tokens: null };
    return { ...common, ...none, state: "failed", error: asked.reason, scores: scoreFailure(asked.reason, scorers) };
  }
  const { reply, latencyMs } = asked;
  const scores = await scoreAnswer(item, { ...reply, latencyMs }, scorers);
  const { output = null, costUsd, tokens } = reply;
  const traceId = reply.traceId ?? (isTraced ? ownTraceId : null);
  return { ...common, state: "answered", output, error: null, scores, traceId, costUsd, tokens };
}

async function* triesOf({ items, trials, scorers }: RunParts): AsyncGenerator<{ item: RunItem; position: number; trial: number }> {
  let position = 0;
  for await (const item of items) {
    requireNeeds(item, scorers);
    for (let trial = 0; trial < trials; trial += 1) yield { item, position, trial };
    position += 1;
  }
}

/**
 * Makes every try of a run that has no result yet, `concurrency` at a time. A try is claimed before the target is
 * asked and its result is on disk before it counts: after a kill at any moment, a resumed run repeats only tries
 * that were asked but not yet recorded, with the same key. A target that fails or is late makes a failed try,
 * never a missing one. Stops, and throws the cause, when the target is down (`upstream_unavailable`) or a scorer
 * returns something that is not a score (`invalid_input`); tries in flight are then abandoned and stay claimed.
 */
export async function runTries(parts: RunParts): Promise<{ finished: number }> {
  const { store, concurrency, ratePerSecond, onProgress } = parts;
  const stopped = new AbortController();
  const signal = AbortSignal.any([parts.signal, stopped.signal]);
  const pace = openPace(ratePerSecond);
  const tries = triesOf(parts);
  let finished = 0;

  const lane = async (): Promise<void> => {
    for await (const { item, position, trial } of tries) {
      signal.throwIfAborted();
      if (await store.claim({ position, trial })) {
        await pace.ready(signal);
        await store.finish(await makeTry({ ...parts, signal }, item, position, trial));
      }
      finished += 1;
      onProgress?.(finished);
    }
  };
  const lanes = Array.from({ length: concurrency }, async () => {
    try {
      await lane();
    } catch (error) {
      // The first lane that fails cancels the others; they end before the run does.
      if (!stopped.signal.aborted) stopped.abort(error);
    }
  });
  await Promise.all(lanes);
  signal.throwIfAborted();
  return { finished };
}
