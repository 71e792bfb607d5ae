import type { TrafficSample } from "@signalbox/db/clickhouse";
import { AppError } from "@signalbox/model";
import { LatencyHistogram } from "../../loadgen/latencyHistogram.ts";
import { rounded } from "../rounded.ts";
import type { Question, QuestionKind } from "./questions.ts";

/** Latencies, in milliseconds. `overloaded` counts the runs that the store gave up at its time limit. */
export interface Latency {
  runs: number;
  overloaded: number;
  msP50: number;
  msP95: number;
}

/** The results of one query, straight from the store and through its procedure. */
export interface Asked {
  name: string;
  kind: QuestionKind;
  store: Latency;
  procedure: Latency;
}

/** The time limit for repeating one query, so that a slow one cannot take the whole run. */
const ONE_QUERY_MS_MAX = 20_000;

type Way = "store" | "procedure";
const WAYS: readonly Way[] = ["store", "procedure"];

/** Asks every question `runs` times, in turn, so that a busy moment of the machine affects all alike; a first round is not counted. */
export async function askQuestions(
  questions: readonly Question[],
  samples: readonly TrafficSample[],
  runs: number,
  signal: AbortSignal,
): Promise<Asked[]> {
  const timed = questions.map((question) => ({
    question,
    spentMs: 0,
    latencies: { store: new LatencyHistogram(), procedure: new LatencyHistogram() },
    overloaded: { store: 0, procedure: 0 },
  }));
  for (let run = -1; run < runs; run++) {
    for (const one of timed) {
      if (one.spentMs > ONE_QUERY_MS_MAX) continue;
      const sample = samples[(run + 1) % samples.length] as TrafficSample;
      for (const way of run % 2 === 0 ? WAYS : WAYS.toReversed()) {
        signal.throwIfAborted();
        const startedAt = performance.now();
        const isAnswered = await isAnsweredBy(one.question[way](sample));
        const tookMs = performance.now() - startedAt;
        if (run < 0) continue;
        one.spentMs += tookMs;
        one.latencies[way].record(tookMs);
        if (!isAnswered) one.overloaded[way] += 1;
      }
    }
  }
  return timed.map(({ question: { name, kind }, latencies, overloaded }) => ({
    name,
    kind,
    store: latencyOf(latencies.store, overloaded.store),
    procedure: latencyOf(latencies.procedure, overloaded.procedure),
  }));
}

/** Whether there was an answer, or the store gave up at its limits. A procedure wraps the store's error. */
async function isAnsweredBy(asking: Promise<unknown>): Promise<boolean> {
  try {
    await asking;
    return true;
  } catch (error) {
    const failure = error instanceof AppError ? error : error instanceof Error ? error.cause : error;
    if (failure instanceof AppError && failure.code === "overloaded") return false;
    throw error;
  }
}

function latencyOf(histogram: LatencyHistogram, overloaded: number): Latency {
  const quantile = (of: number): number => rounded(histogram.quantileMs(of), 1);
  return { runs: histogram.count, overloaded, msP50: quantile(0.5), msP95: quantile(0.95) };
}

/** The worst 95th percentile of a kind of queries, straight from the store. */
export function worstMsP95(asked: readonly Asked[], kind: QuestionKind): number {
  return Math.max(...asked.filter((one) => one.kind === kind).map((one) => one.store.msP95));
}
