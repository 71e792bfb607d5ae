import { setImmediate as yieldToEvents } from "node:timers/promises";
import { COMPARISON_MODELS, type ComparisonFigures, type JudgeFigures, simulateComparison, simulateJudge } from "@signalbox/evals";
import { percentText } from "@signalbox/model";
import type { CommandOutput } from "../../commandLine/commandOutput.ts";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import type { EvalBenchPart } from "./benchEvalsOptions.ts";
import { measureScoring, type ScoringFigures } from "./measureScoring.ts";

/** The flags of `signalbox bench evals`. */
interface BenchEvalsFlags {
  part?: EvalBenchPart;
  sims: number;
  resamples: number;
  items: number;
  seed: number;
}

const ALPHA = 0.05;
const MARGIN = 0.03;
const ITEMS = [300, 2_000];
const DROPS = [0, 0.03, 0.05, 0.1];

function comparisonsText(cells: readonly ComparisonFigures[], { sims, resamples }: BenchEvalsFlags): string {
  const rows = cells.map((cell) => [
    ...[cell.test, String(cell.items), `${(100 * cell.drop).toFixed(0)} pt`, percentText(cell.regressed)],
    cell.drop === 0 ? `at most ${percentText(ALPHA)}` : percentText(cell.predicted),
    ...[percentText(3 * cell.monteCarloError), percentText(cell.nonInferior), cell.holds ? "yes" : "NO"],
  ]);
  return [
    `${sims} pairs of runs a row, alpha ${ALPHA} one-sided, bootstraps of ${resamples} resamples:`,
    textTable([["test", "items", "true drop", "regressed", "by formula", "3 MC errors", `within ${100 * MARGIN} pt`, "holds"], ...rows]),
  ].join("\n");
}

function judgeText(figures: JudgeFigures): string {
  const { truth, rawMean, poweredMean, level, coverage, rawCoverage, byErrorsCoverage, holds } = figures;
  return [
    `A judge that is ${((rawMean - truth) * 100).toFixed(1)} points too kind (people pass ${percentText(truth)}, the judge ${percentText(rawMean)}):`,
    textTable([
      ["estimate", "mean", `${percentText(level)} interval holds the truth`, "holds"],
      ["the judge alone", percentText(rawMean), percentText(rawCoverage), ""],
      ["prediction-powered", percentText(poweredMean), percentText(coverage), holds ? "yes" : "NO"],
      ["by its errors", "", percentText(byErrorsCoverage), ""],
    ]),
  ].join("\n");
}

function scoringText({ items, scorers, itemsPerSecond, cpuSeconds, liveMbAtTenth, liveMbAtEnd, peakRssMb, holds }: ScoringFigures): string {
  return [
    `${items} items scored by ${scorers.join(", ")}:`,
    textTable([
      ["items a second", "CPU", "live memory after a tenth", "at the end", "most resident", "flat"],
      [
        ...[String(itemsPerSecond), `${cpuSeconds.toFixed(1)} s`, `${liveMbAtTenth.toFixed(1)} MB`, `${liveMbAtEnd.toFixed(1)} MB`],
        ...[`${peakRssMb.toFixed(0)} MB`, holds ? "yes" : "NO"],
      ],
    ]),
  ].join("\n");
}

async function scored(items: number, output: CommandOutput): Promise<ScoringFigures> {
  const progress = startProgress(output, "Scoring", items);
  try {
    return await measureScoring(items, { signal: new AbortController().signal, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

/** `signalbox bench evals`: 0 when every rate agrees with the formulas, 1 when one does not. */
export const benchEvals: Act<BenchEvalsFlags> = async ({ output, flags }) => {
  const { part, sims, resamples, items, seed } = flags;
  const cells = COMPARISON_MODELS.flatMap((model) => ITEMS.flatMap((items) => DROPS.map((drop) => ({ model, items, drop }))));
  const progress = startProgress(output, "Drawing runs", cells.length);
  const comparisons: ComparisonFigures[] = [];
  try {
    for (const cell of part === undefined || part === "comparisons" ? cells : []) {
      comparisons.push(simulateComparison(cell, { sims, resamples, seed, alpha: ALPHA, margin: MARGIN }));
      progress.update(comparisons.length);
      // A cell takes seconds of pure computation, in which the bar could not move.
      await yieldToEvents();
    }
  } finally {
    progress.stop();
  }
  const judge = part !== undefined && part !== "judge" ? null : simulateJudge({ sims: Math.ceil(sims / 2), seed });
  const scoring = part === undefined || part === "scoring" ? await scored(items, output) : null;
  const holds = scoring?.holds !== false && comparisons.every((cell) => cell.holds) && judge?.holds !== false;
  output.result({ sims, resamples, seed, alpha: ALPHA, margin: MARGIN, comparisons, judge, scoring, holds }, () =>
    [
      comparisons.length === 0 ? "" : comparisonsText(comparisons, flags),
      judge === null ? "" : judgeText(judge),
      scoring === null ? "" : scoringText(scoring),
    ]
      .filter(Boolean)
      .join("\n\n"),
  );
  return holds ? EXIT.pass : EXIT.failed;
};
