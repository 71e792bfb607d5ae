import { durationMs } from "../gatePolicy/index.ts";

/**
 * The source of a live gate's metric, given by its name: `dlq` counts dead letters, `errors` failed attempts; `cost_usd`
 * is what the models cost, `latency_over_8s` whether a task took longer than 8 s; any other name is that of a score.
 */
export type MetricSource =
  | { readonly kind: "deadLetters" }
  | { readonly kind: "failedAttempts" }
  | { readonly kind: "cost" }
  | { readonly kind: "latency"; readonly overMs: number }
  | { readonly kind: "score" };

const LATENCY = /^latency_over_(\d+(?:ms|s|m|h|d))$/;

/** The source of the metric called `name`. */
export function metricSource(name: string): MetricSource {
  if (name === "dlq") return { kind: "deadLetters" };
  if (name === "errors") return { kind: "failedAttempts" };
  if (name === "cost_usd") return { kind: "cost" };
  const [, objective] = LATENCY.exec(name) ?? [];
  return objective === undefined ? { kind: "score" } : { kind: "latency", overMs: durationMs(objective) };
}
