import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { requireEvalRun, streamEvalResults } from "@signalbox/db/evalRuns";
import type { PrismaClient } from "@signalbox/db/prisma";
import {
  COMPARISON_TESTS,
  COMPARISON_WORDS,
  type Comparison,
  type ComparisonTest,
  compareRuns,
  inFigures,
  type JudgedScorer,
  judgedScorers,
  type MetricComparison,
  type ScoredRun,
  type ScoredTrial,
  scoredTrial,
} from "@signalbox/evals";
import { AppError, type EvalRun, requireOneDataset, standingWords } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { judgedText } from "./evalReport.ts";

/** The flags of `signalbox eval compare`. */
interface CompareFlags {
  project: string;
  margin?: string[];
  test?: string[];
  alpha?: number;
}

/** A run's results as input of a comparison: scores alone. */
async function scoredRun(store: PrismaClient, run: EvalRun): Promise<ScoredRun> {
  const trials: ScoredTrial[] = [];
  for await (const result of streamEvalResults(store, run.id)) trials.push(scoredTrial(result));
  return { name: run.name, trials };
}

function marginsOf(texts: readonly string[]): Record<string, number> {
  const margins = texts.map((text) => {
    const [name = "", margin = ""] = text.split("=");
    if (name !== "" && margin.trim() !== "" && !Number.isNaN(Number(margin))) return [name, Number(margin)] as const;
    throw new AppError("invalid_input", `${text} says no margin.`, { hint: "Write --margin exact=0.02." });
  });
  return Object.fromEntries(margins);
}

function testsOf(texts: readonly string[]): Record<string, ComparisonTest> {
  const tests = texts.map((text) => {
    const [, name, asked] = /^(.+)=([^=]*)$/s.exec(text) ?? [];
    const test = COMPARISON_TESTS.find((one) => one === asked);
    if (name !== undefined && test !== undefined) return [name, test] as const;
    throw new AppError("invalid_input", `${text} says no test.`, {
      hint: `Write --test grade=wilcoxon; there are ${COMPARISON_TESTS.join(", ")}.`,
    });
  });
  return Object.fromEntries(tests);
}

const figure = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "?");
const signed = (value: number): string => `${value > 0 && Number.isFinite(value) ? "+" : ""}${figure(value)}`;

/** The standing of a metric's judges, for a cell of a table. */
function judgeCell(judges: readonly JudgedScorer[]): string {
  const words = judges.map(({ standing }) => standingWords(standing).brief);
  return words.length > 1 ? `two judges: ${words.join("; ")}` : (words[0] ?? "");
}

function metricRow(metric: MetricComparison, judges: readonly JudgedScorer[]): string[] {
  const { name, word, baselineMean, candidateMean, difference, lower, upper, pWorse, pBetter, minimumDetectable, tested } = metric;
  return [
    ...[name, COMPARISON_WORDS[word], figure(baselineMean), figure(candidateMean), signed(difference)],
    ...[`[${signed(lower)}, ${signed(upper)}]`, Math.min(pWorse, pBetter).toPrecision(2), figure(minimumDetectable), tested],
    judgeCell(judges),
  ];
}

/** A comparison for people. */
export function comparisonText(
  { baseline, candidate, items, uncompared, metrics, correction, power }: Comparison,
  judges: readonly JudgedScorer[],
): string {
  const missing = items.onlyBaseline + items.onlyCandidate;
  const rest =
    missing === 0
      ? ""
      : `; ${items.onlyBaseline} are only in the baseline and ${items.onlyCandidate} only in the candidate, and count for nothing`;
  // Each end of an interval errs with alpha, so that it agrees with the one-sided tests.
  const unscored = metrics.filter((metric) => metric.unscored > 0).map((metric) => `${metric.name} of ${metric.unscored} items`);
  const interval = `${inFigures(100 * (1 - 2 * (metrics[0]?.alpha ?? 0)))} % interval`;
  return [
    `${candidate} against ${baseline}, on ${items.shared} shared items${rest}`,
    textTable([
      ["scorer", "", "baseline", "candidate", "difference", interval, "p", "detectable", "test", judges.length === 0 ? "" : "judge"],
      ...metrics.map((metric) =>
        metricRow(
          metric,
          judges.filter(({ scoreName }) => scoreName === metric.name),
        ),
      ),
    ]),
    ...judges.map(judgedText),
    `p is one-sided and corrected for ${metrics.length} metrics (${correction}); detectable is the smallest true loss that is seen in spite of it with a power of ${power}.`,
    ...(unscored.length === 0 ? [] : [`Without a score in one of the runs, and left out: ${unscored.join(", ")}.`]),
    ...(uncompared.length === 0 ? [] : [`Scored in one of the runs alone, and not compared: ${uncompared.join(", ")}.`]),
  ].join("\n");
}

/** `signalbox eval compare`: 1 when a scorer regressed, 3 when the evidence is insufficient for any conclusion, else 0. */
export const evalCompare: Act<CompareFlags> = async ({ output, env, args: [before = "", after = ""], flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const runs = await Promise.all([before, after].map((one) => requireEvalRun(store, flags.project, one)));
  requireOneDataset(runs);
  for (const { name, endedAt, finished, items, trials } of runs)
    if (endedAt === null) output.note(`${name} is not over: ${finished} of ${items * trials} tries have a result.`);
  const [baseline, candidate] = await Promise.all(runs.map((run) => scoredRun(store, run)));
  if (baseline === undefined || candidate === undefined) throw new Error("two runs were asked for");
  const comparison = compareRuns(baseline, candidate, {
    ...{ margins: marginsOf(flags.margin ?? []), tests: testsOf(flags.test ?? []) },
    ...(flags.alpha === undefined ? {} : { alpha: flags.alpha }),
  });
  const judges = judgedScorers(runs, await listJudgeCalibrations(store, flags.project));
  output.result({ ...comparison, judges }, () => comparisonText(comparison, judges));
  if (comparison.metrics.some(({ word }) => word === "regressed")) return EXIT.failed;
  return comparison.metrics.every(({ word }) => word === "not_enough_evidence") ? EXIT.inconclusive : EXIT.pass;
};
