import { countClasses, readEvalTotals, requireEvalRun, type ScorerTotals } from "@signalbox/db/evalRuns";
import type { PrismaClient } from "@signalbox/db/prisma";
import {
  CLASSES_MAX,
  classificationChoices,
  classificationReport,
  type Estimate,
  judgeIdOfChoice,
  type PassFigures,
  passK,
  type ScorerFigures,
  scorerFigures,
} from "@signalbox/evals";
import type { EvalRun } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";
import { type ClassesOfScorer, classesText } from "./classesText.ts";

/** A scorer's figures over a run; `passK` is empty where it draws no line. `judge` is the id of the judge that it is, null for a scorer that asks no model. */
export type ScorerReport = ScorerFigures & { passK: PassFigures[]; judge: string | null };

/** What `signalbox eval run --json` prints. */
export interface EvalReport {
  run: EvalRun;
  scorers: ScorerReport[];
  /** pass^k of the first scorer that draws a line, by k. */
  passHatK: Record<string, number>;
  /** Which class was taken for which, of each scorer that compares classes. */
  classes: ClassesOfScorer[];
}

/** The report of a run, by what the store says now. */
export async function readEvalReport(prisma: PrismaClient, project: string, idOrName: string): Promise<EvalReport> {
  const run = await requireEvalRun(prisma, project, idOrName);
  const classes: ClassesOfScorer[] = [];
  for (const { name, field } of classificationChoices(run.scorers)) {
    const counts = await countClasses(prisma, run.id, { field, classesMax: CLASSES_MAX });
    classes.push({ scorer: name, report: counts === undefined ? null : classificationReport(counts) });
  }
  return evalReport(run, await readEvalTotals(prisma, run.id), classes);
}

function evalReport(run: EvalRun, totals: readonly ScorerTotals[], classes: ClassesOfScorer[]): EvalReport {
  const judges = new Map(run.scorers.map((choice) => [choice.as ?? choice.name, judgeIdOfChoice(choice)]));
  const scorers = totals.map((total) => ({ ...scorerFigures(total), passK: passK(total.trials), judge: judges.get(total.name) ?? null }));
  const lined = scorers.find(({ passK }) => passK.length > 0);
  return { run, scorers, passHatK: Object.fromEntries(lined?.passK.map(({ k, passHatK }) => [k, passHatK.value]) ?? []), classes };
}

const decimals = (value: number): string => value.toFixed(3);

function estimateText({ value, interval }: Estimate): string {
  return `${decimals(value)}  [${decimals(interval.lower)}, ${decimals(interval.upper)}]`;
}

/** The report as a person reads it. */
export function evalText({ run, scorers, classes }: EvalReport): string {
  const rows = scorers.map(({ name, mean, passed, tries, unscored, judge }) => [
    name,
    tries === 0 ? "no score" : estimateText(mean),
    [...(passed === null ? [] : [`${passed} of ${tries} passed`]), ...(unscored === 0 ? [] : [`${unscored} could not be scored`])].join(
      ", ",
    ),
    judge === null ? "" : `judge ${judge}, uncalibrated`,
  ]);
  const passes = scorers.flatMap(({ name, passK }) =>
    passK.length < 2
      ? []
      : passK.flatMap(({ k, passHatK, passAtK }) => [
          [`${name} pass^${k}`, estimateText(passHatK), "", ""],
          [`${name} pass@${k}`, estimateText(passAtK), "", ""],
        ]),
  );
  const tries = run.items * run.trials;
  return [
    `Run ${run.name} (${run.id}) of ${run.dataset}: ${run.finished} of ${tries} tries, ${run.failed} without an answer`,
    textTable([["scorer", "mean    95 % interval", "", ""], ...rows, ...passes]),
    ...classes.map(classesText),
  ].join("\n");
}
