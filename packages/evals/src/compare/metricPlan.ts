import { AppError } from "@signalbox/model";
import type { ScoredRun, ScoredTrial } from "./scoredRun.ts";

/**
 * How a difference is tested: McNemar's exact test for pass and fail, the paired
 * bootstrap for scores, Wilcoxon's signed ranks for ordinal ones, or Student's t.
 */
export const COMPARISON_TESTS = ["mcnemar", "paired-bootstrap", "wilcoxon", "paired-t"] as const;
export type ComparisonTest = (typeof COMPARISON_TESTS)[number];

/** A metric and how it is compared. Values and `margin` are in the metric's own unit. */
export interface MetricPlan {
  readonly name: string;
  /** `binary`: every trial passes (1) or fails (0). */
  readonly kind: "binary" | "score";
  /** Which way is better. */
  readonly direction: "increase" | "decrease";
  readonly test: ComparisonTest;
  /** How much worse still counts as not worse; null where nobody said. */
  readonly margin: number | null;
  /** How often a run that is not worse may be called worse, in (0, 0.5). */
  readonly alpha: number;
  /** The smallest and the largest score there can be, where known. */
  readonly range: readonly [number, number] | null;
}

/** What somebody says of a metric; what is left out follows from the scores. A margin of null is none. */
export type MetricAsk = Pick<MetricPlan, "name"> & { readonly [Key in Exclude<keyof MetricPlan, "name">]?: MetricPlan[Key] | undefined };

/** Three points: what a pass rate may lose unless a margin is given. */
const BINARY_MARGIN = 0.03;

/** Every metric that a trial was to be scored by, those that nobody could score among them. */
const namesOf = ({ scores, unscored = [] }: ScoredTrial): string[] => [...Object.keys(scores), ...unscored];

/** Whether every value that a metric has, in either run, is 0 or 1; by its name. */
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

/** The metrics that every run scored, or tried to, and those that only some did, each by name. */
export function metricsOf(runs: readonly ScoredRun[]): { shared: string[]; others: string[] } {
  const sets = runs.map(({ trials }) => new Set(trials.flatMap(namesOf)));
  const names = [...new Set(sets.flatMap((set) => [...set]))].sort();
  const isShared = (name: string): boolean => sets.every((set) => set.has(name));
  return { shared: names.filter(isShared), others: names.filter((name) => !isShared(name)) };
}

/** What is said of metrics by name, where they are not listed. */
export interface NamedAsks {
  readonly margins?: Readonly<Record<string, number>> | undefined;
  readonly tests?: Readonly<Record<string, ComparisonTest>> | undefined;
}

/** The metrics that somebody named: a margin or a test of one is a question about it. */
export const namedIn = ({ margins = {}, tests = {} }: NamedAsks): string[] => [...Object.keys(margins), ...Object.keys(tests)];

/** The metrics that follow from the runs, and those that were named, with what was said of them. */
function askedOf(runs: readonly ScoredRun[], named: NamedAsks): MetricAsk[] {
  const names = new Set([...metricsOf(runs).shared, ...namedIn(named)]);
  return [...names].map((name) => ({ name, margin: named.margins?.[name], test: named.tests?.[name] }));
}

/**
 * The plan of each metric asked for, or of every metric that both runs scored. Throws
 * `invalid_input` for a metric that neither has, and where none is left to compare.
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
