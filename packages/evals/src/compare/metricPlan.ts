import { AppError } from "@signalbox/model";
import type { ScoredRun, ScoredTrial } from "./scoredRun.ts";

/**
 * The tests of a difference: McNemar's exact test for pass and fail, the paired
 * bootstrap for scores, Wilcoxon's signed ranks for ordinal ones, or Student's t.
 */
export const COMPARISON_TESTS = ["mcnemar", "paired-bootstrap", "wilcoxon", "paired-t"] as const;
export type ComparisonTest = (typeof COMPARISON_TESTS)[number];

/** A metric and the way it is compared. Values and `margin` are in the metric's own unit. */
export interface MetricPlan {
  readonly name: string;
  /** `binary`: every trial passes (1) or fails (0). */
  readonly kind: "binary" | "score";
  /** The direction in which the metric improves. */
  readonly direction: "increase" | "decrease";
  readonly test: ComparisonTest;
  /** The loss that still counts as not worse; null where none was given. */
  readonly margin: number | null;
  /** The probability of a false claim that a candidate is worse, in (0, 0.5). */
  readonly alpha: number;
  /** The smallest and the largest possible score, where known. */
  readonly range: readonly [number, number] | null;
}

/** Requested settings of a metric; missing ones follow from the scores. A margin of null is none. */
export type MetricAsk = Pick<MetricPlan, "name"> & { readonly [Key in Exclude<keyof MetricPlan, "name">]?: MetricPlan[Key] | undefined };

/** The default margin of a pass rate: three points. */
const BINARY_MARGIN = 0.03;

/** Every metric of a trial, including those that could not be scored. */
const namesOf = ({ scores, unscored = [] }: ScoredTrial): string[] => [...Object.keys(scores), ...unscored];

/** Whether all values of a metric, in either run, are 0 or 1; by metric name. */
function isBinaryByName(runs: readonly ScoredRun[]): Map<string, boolean> {
  const isBinary = new Map<string, boolean>();
  for (const { trials } of runs) {
    for (const { scores, unscored = [] } of trials) {
      for (const name of unscored) isBinary.set(name, isBinary.get(name) ?? true);
      for (const [name, score] of Object.entries(scores)) isBinary.set(name, (isBinary.get(name) ?? true) && (score === 0 || score === 1));
    }
  }
  return isBinary;
}

/** The metrics that every run scored, or tried to, and those that only some did, each sorted by name. */
export function metricsOf(runs: readonly ScoredRun[]): { shared: string[]; others: string[] } {
  const sets = runs.map(({ trials }) => new Set(trials.flatMap(namesOf)));
  const names = [...new Set(sets.flatMap((set) => [...set]))].sort();
  const isShared = (name: string): boolean => sets.every((set) => set.has(name));
  return { shared: names.filter(isShared), others: names.filter((name) => !isShared(name)) };
}

/** Settings by metric name, where metrics are not listed. */
export interface NamedAsks {
  readonly margins?: Readonly<Record<string, number>> | undefined;
  readonly tests?: Readonly<Record<string, ComparisonTest>> | undefined;
}

/** The metrics named by a setting: a margin or a test for one requests it. */
export const namedIn = ({ margins = {}, tests = {} }: NamedAsks): string[] => [...Object.keys(margins), ...Object.keys(tests)];

/** The metrics that follow from the runs, and the named ones, with their settings. */
function askedOf(runs: readonly ScoredRun[], named: NamedAsks): MetricAsk[] {
  const names = new Set([...metricsOf(runs).shared, ...namedIn(named)]);
  return [...names].map((name) => ({ name, margin: named.margins?.[name], test: named.tests?.[name] }));
}

/**
 * The plan of each requested metric, or of every metric that both runs scored. Throws
 * `invalid_input` for a metric that neither run has, and where none is left to compare.
 */
export function planMetrics(
  runs: readonly ScoredRun[],
  { metrics, ...named }: NamedAsks & { readonly metrics?: readonly MetricAsk[] },
  alpha: number,
): MetricPlan[] {
  const scored = isBinaryByName(runs);
  const asks = metrics ?? askedOf(runs, named);
  if (asks.length === 0)
    throw new AppError("invalid_input", `${runs.map(({ name }) => name).join(" and ")} have no metric in common.`, {
      hint: "Score both with the same scorers.",
    });
  return asks.map((ask) => {
    const isBinary = scored.get(ask.name);
    if (isBinary === undefined)
      throw new AppError("invalid_input", `There is no metric ${ask.name} in ${runs.map(({ name }) => name).join(" or ")}.`, {
        hint: scored.size === 0 ? "Neither run scored anything." : `They have ${[...scored.keys()].sort().join(", ")}.`,
      });
    const kind = ask.kind ?? (isBinary ? "binary" : "score");
    return {
      name: ask.name,
      kind,
      direction: ask.direction ?? "increase",
      test: ask.test ?? (kind === "binary" ? "mcnemar" : "paired-bootstrap"),
      margin: ask.margin === undefined ? (kind === "binary" ? BINARY_MARGIN : null) : ask.margin,
      alpha: ask.alpha ?? alpha,
      range: kind === "binary" ? [0, 1] : (ask.range ?? null),
    };
  });
}
