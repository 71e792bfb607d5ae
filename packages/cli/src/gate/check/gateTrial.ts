import type { ScoredTrial } from "@signalbox/evals";
import type { OfflinePolicy } from "@signalbox/model";

/** A result of an eval run, limited to what a gate uses: from a file or from the store. */
export interface ResultForGate {
  readonly item: string;
  readonly unit?: string | undefined;
  readonly state: "answered" | "failed";
  readonly scores: readonly {
    readonly name: string;
    readonly value: number;
    readonly passed: boolean | null;
    readonly isFailure?: true | undefined;
  }[];
  readonly traceId?: string | null | undefined;
}

/**
 * A result as a trial for a comparison: for a metric that the policy calls
 * binary and whose scorer has a threshold, whether it passed, else the score.
 */
export function gateTrial({ item, unit, state, scores, traceId }: ResultForGate, { metrics }: OfflinePolicy): ScoredTrial {
  const binary = new Set(metrics.filter(({ kind }) => kind === "binary").map(({ name }) => name));
  const scored = scores
    .filter(({ isFailure }) => !isFailure)
    .map(({ name, value, passed }) => [name, passed !== null && binary.has(name) ? Number(passed) : value] as const);
  const unscored = scores.filter(({ isFailure }) => isFailure).map(({ name }) => name);
  return { item, cluster: unit, failed: state === "failed", scores: Object.fromEntries(scored), unscored, traceId };
}
