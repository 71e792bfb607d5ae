import { durationMs } from "../gatePolicy/index.ts";

/**
 * Where a live gate's metric comes from, which its name says: `dlq` are dead letters, `errors` failed attempts, `cost_usd`
 * what the models cost, `latency_over_8s` whether a task took longer than that, and any other name that of a score.
 */
export type MetricSource =
  | { readonly kind: "deadLetters" }
  | { readonly kind: "failedAttempts" }
  | { readonly kind: "cost" }
  | { readonly kind: "latency"; readonly overMs: number }
  | { readonly kind: "score" };

const LATENCY = /^latency_over_(\d+(?:ms|s|m|h|d))$/;

/** Where the metric of this name comes from. */
export function metricSource(name: string): MetricSource {
  if (name === "dlq") return { kind: "deadLetters" };
  if (name === "errors") return { kind: "failedAttempts" };
  if (name === "cost_usd") return { kind: "cost" };
  const [, objective] = LATENCY.exec(name) ?? [];
  return objective === undefined ? { kind: "score" } : { kind: "latency", overMs: durationMs(objective) };
}
