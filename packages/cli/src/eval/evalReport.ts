import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { countClasses, readEvalTotals, requireEvalRun, type ScorerTotals } from "@signalbox/db/evalRuns";
import type { PrismaClient } from "@signalbox/db/prisma";
import {
  CLASSES_MAX,
  classificationChoices,
  classificationReport,
  type Estimate,
  type JudgedScorer,
  judgedScorer,
  type PassFigures,
  passK,
  type ScorerFigures,
  scorerFigures,
} from "@signalbox/evals";
import { type EvalRun, type JudgeCalibration, shownRun, standingWords } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";
import { type ClassesOfScorer, classesText } from "./classesText.ts";

/**
 * A scorer's figures over a run; `passK` is empty where it has no threshold.
 * `judged` has the judge and its standing, null for a scorer that asks no model.
 */
export type ScorerReport = ScorerFigures & { passK: PassFigures[]; judged: JudgedScorer | null };

/** The output of `signalbox eval run --json`. */
export interface EvalReport {
  run: EvalRun;
  scorers: ScorerReport[];
  /** pass^k of the first scorer with a threshold, by k. */
  passHatK: Record<string, number>;
  /** The classification report of each scorer that compares classes. */
  classes: ClassesOfScorer[];
}

/** The report of a run, from the store's current data. */
export async function readEvalReport(prisma: PrismaClient, project: string, idOrName: string): Promise<EvalReport> {
  const run = await requireEvalRun(prisma, project, idOrName);
  const classes: ClassesOfScorer[] = [];
  for (const { name, field } of classificationChoices(run.scorers)) {
    const counts = await countClasses(prisma, run.id, { field, classesMax: CLASSES_MAX });
    classes.push({ scorer: name, report: counts === undefined ? null : classificationReport(counts) });
  }
  return evalReport(run, await readEvalTotals(prisma, run.id), classes, await listJudgeCalibrations(prisma, project));
}

function evalReport(
  run: EvalRun,
  totals: readonly ScorerTotals[],
  classes: ClassesOfScorer[],
  records: readonly JudgeCalibration[],
): EvalReport {
  const choices = new Map(run.scorers.map((choice) => [choice.as ?? choice.name, choice]));
  const scorers = totals.map((total) => {
    const choice = choices.get(total.name);
    const judged = choice === undefined ? null : judgedScorer(choice, records);
    return { ...scorerFigures(total), passK: passK(total.trials), judged };
  });
  const lined = scorers.find(({ passK }) => passK.length > 0);
  return {
    run: shownRun(run),
    scorers,
    passHatK: Object.fromEntries(lined?.passK.map(({ k, passHatK }) => [k, passHatK.value]) ?? []),
    classes,
  };
}

const decimals = (value: number): string => value.toFixed(3);

function estimateText({ value, interval }: Estimate): string {
  return `${decimals(value)}  [${decimals(interval.lower)}, ${decimals(interval.upper)}]`;
}

/** The standing of a judge, in words. */
export function judgedText({ scoreName, judge, standing }: JudgedScorer): string {
  return `${scoreName} (${judge}): ${standingWords(standing).full}`;
}

/** The report for people. */
export function evalText({ run, scorers, classes }: EvalReport): string {
  const rows = scorers.map(({ name, mean, passed, tries, unscored, judged }) => [
    name,
    tries === 0 ? "no score" : estimateText(mean),
    [...(passed === null ? [] : [`${passed} of ${tries} passed`]), ...(unscored === 0 ? [] : [`${unscored} could not be scored`])].join(
      ", ",
    ),
    judged === null ? "" : standingWords(judged.standing).brief,
  ]);
  const passes = scorers.flatMap(({ name, passK }) =>
    passK.length < 2
      ? []
      : passK.flatMap(({ k, passHatK, passAtK, lacking }) => {
          const left = lacking === 0 ? "" : `without ${lacking} items of fewer tries`;
          return [
            [`${name} pass^${k}`, estimateText(passHatK), left, ""],
            [`${name} pass@${k}`, estimateText(passAtK), left, ""],
          ];
        }),
  );
  const tries = run.items * run.trials;
  return [
    `Run ${run.name} (${run.id}) of ${run.dataset}: ${run.finished} of ${tries} tries, ${run.failed} without an answer`,
    textTable([["scorer", "mean    95 % interval", "", ""], ...rows, ...passes]),
    ...scorers.flatMap(({ judged }) => (judged === null ? [] : judgedText(judged))),
    ...classes.map(classesText),
  ].join("\n");
}
