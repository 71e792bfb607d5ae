import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { type EvalTryScores, findEvalInputs, findEvalTries, listEvalScores, requireEvalRun } from "@signalbox/db/evalRuns";
import type { PrismaClient } from "@signalbox/db/prisma";
import {
  type AlignedRow,
  alignRuns,
  type Comparison,
  changedRows,
  compareRuns,
  type JudgedScorer,
  judgedScorers,
  type MetricComparison,
  metricSentence,
  metricsOf,
  type RowChange,
  type ScoredRun,
  scoredTrial,
} from "@signalbox/evals";
import { AppError, type EvalResult, type EvalRun, lineText, requireOneDataset, shownRun } from "@signalbox/model";

/** The most tries of a run that are compared on a screen. */
const TRIES_MAX = 20_000;

/** A scorer's comparison of two runs. Unknown and infinite figures are null: JSON has no infinity. */
interface MetricSaid
  extends Pick<MetricComparison, "name" | "word" | "items" | "margin" | "isNonInferior">,
    Readonly<Record<"baselineMean" | "candidateMean" | "difference" | "lower" | "upper", number | null>> {
  readonly sentence: string;
}

/**
 * A candidate against the baseline: the number of common items, the scorers
 * that only one of them has, and the comparison for each other scorer.
 */
interface CandidateSaid extends Pick<Comparison, "items" | "uncompared"> {
  readonly metrics: readonly MetricSaid[];
}

/** The number of items that lost or gained in some candidate, by a scorer; null stands for any. */
interface ChangeCount {
  readonly metric: string | null;
  readonly change: Exclude<RowChange, "all">;
  readonly items: number;
}

/**
 * A baseline with its candidates. `comparisons` has one for each candidate, in order;
 * `items` counts the items of all runs, `judges` are those behind any of their scores.
 */
interface RunsSideBySide {
  readonly runs: readonly EvalRun[];
  readonly metrics: readonly string[];
  readonly comparisons: readonly CandidateSaid[];
  readonly judges: readonly JudgedScorer[];
  readonly items: number;
  readonly changes: readonly ChangeCount[];
}

/** The rows to list: those with a change, by a scorer (null: by any); and the page. */
interface RowsAsk {
  readonly change: RowChange;
  readonly metric: string | null;
  readonly skip: number;
  readonly rowsMax: number;
}

/** How large a loss counts for nothing, by the name of the scorer. */
type Margins = Readonly<Record<string, number>>;

async function runsOf(prisma: PrismaClient, project: string, ids: readonly string[]): Promise<EvalRun[]> {
  if (new Set(ids).size !== ids.length) throw new AppError("invalid_input", "A run is compared with others, not with itself.");
  return Promise.all(ids.map((id) => requireEvalRun(prisma, project, id)));
}

async function triesOf(prisma: PrismaClient, run: EvalRun): Promise<EvalTryScores[]> {
  if (run.finished > TRIES_MAX)
    throw new AppError("limit_reached", `Run ${run.name} has ${run.finished} tries; up to ${TRIES_MAX} are shown side by side.`, {
      hint: "`./signalbox eval compare` compares runs of any size.",
    });
  return listEvalScores(prisma, run.id, TRIES_MAX);
}

function scoredRun(run: EvalRun, tries: readonly EvalTryScores[]): ScoredRun {
  return { name: run.name, trials: tries.map(scoredTrial) };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function saidOf({ items, uncompared, metrics, power }: Comparison): CandidateSaid {
  return {
    ...{ items, uncompared },
    metrics: metrics.map((metric) => {
      const { baselineMean, candidateMean, difference, lower, upper, name, word, margin, isNonInferior } = metric;
      return {
        ...{ name, word, margin, isNonInferior, items: metric.items, sentence: metricSentence(metric, power) },
        ...{ baselineMean: finite(baselineMean), candidateMean: finite(candidateMean), difference: finite(difference) },
        ...{ lower: finite(lower), upper: finite(upper) },
      };
    }),
  };
}

/** The runs of one dataset, and the tries of each. */
async function sidesOf(prisma: PrismaClient, project: string, ids: readonly string[]) {
  const runs = await runsOf(prisma, project, ids);
  requireOneDataset(runs);
  return { runs, tries: await Promise.all(runs.map((run) => triesOf(prisma, run))) };
}

function changeCounts(rows: readonly AlignedRow[], metrics: readonly string[]): ChangeCount[] {
  return [null, ...metrics].flatMap((metric) =>
    (["regressed", "improved"] as const).map((change) => ({ metric, change, items: changedRows(rows, change, metric).length })),
  );
}

/** The scorers that any of the runs names, and further names of scores: LangSmith's clients declare none beforehand. */
function metricNames(runs: readonly EvalRun[], tries: readonly (readonly EvalTryScores[])[]): string[] {
  const planned = runs.flatMap(({ scorers }) => scorers.map(({ as, name }) => as ?? name));
  return [...new Set([...planned, ...tries.flatMap((some) => some.flatMap(({ scores }) => scores.map(({ name }) => name)))])];
}

/** The margins of what both runs were scored by: of the others there is nothing to compare. */
function sharedMargins(runs: readonly ScoredRun[], margins: Margins): Margins {
  const { shared } = metricsOf(runs);
  return Object.fromEntries(Object.entries(margins).filter(([name]) => shared.includes(name)));
}

/**
 * Compares every candidate with the first run, on the items that both have. `margins` say how large a
 * loss counts for nothing, by the name of the scorer. Throws `invalid_input` for one that no run has.
 */
export async function compareEvalRuns(
  prisma: PrismaClient,
  project: string,
  ids: readonly string[],
  margins: Margins,
): Promise<RunsSideBySide> {
  const [{ runs, tries }, records] = await Promise.all([sidesOf(prisma, project, ids), listJudgeCalibrations(prisma, project)]);
  const [baseline, ...candidates] = runs.map((run, index) => scoredRun(run, tries[index] ?? []));
  if (baseline === undefined) throw new AppError("invalid_input", "There is no baseline.");
  const rows = alignRuns(tries);
  const metrics = metricNames(runs, tries);
  const unknown = Object.keys(margins).find((name) => !metrics.includes(name));
  if (unknown !== undefined)
    throw new AppError("invalid_input", `There is a margin for ${unknown}, which none of these runs is scored by.`, {
      hint: `They have ${metrics.join(", ")}.`,
    });
  return {
    ...{
      runs: runs.map(shownRun),
      metrics,
      items: rows.length,
      changes: changeCounts(rows, metrics),
      judges: judgedScorers(runs, records),
    },
    comparisons: candidates.map((candidate) =>
      saidOf(compareRuns(baseline, candidate, { margins: sharedMargins([baseline, candidate], margins) })),
    ),
  };
}

/** The most characters of an item's input in a list: one line, and more in its tooltip. */
const ASKED_CHARS_MAX = 600;

/** An item of several runs side by side, with its shortened input. */
type AskedRow = AlignedRow & { readonly asked: string };

/** A page of the items of a baseline and its candidates side by side, largest losses first; `total` counts all matching items. */
export async function comparedRows(
  prisma: PrismaClient,
  project: string,
  ids: readonly string[],
  { change, metric, skip, rowsMax }: RowsAsk,
): Promise<{ rows: AskedRow[]; total: number }> {
  const { runs, tries } = await sidesOf(prisma, project, ids);
  const rows = changedRows(alignRuns(tries), change, metric);
  const page = rows.slice(skip, skip + rowsMax);
  const inputs = await findEvalInputs(
    prisma,
    runs.map(({ id }) => id),
    page.map(({ itemId }) => itemId),
  );
  return { rows: page.map((row) => ({ ...row, asked: lineText(inputs.get(row.itemId), ASKED_CHARS_MAX) })), total: rows.length };
}

/** The results of several runs on one item, every trial; empty for a run that does not have it. */
export async function comparedItem(prisma: PrismaClient, project: string, ids: readonly string[], itemId: string): Promise<EvalResult[][]> {
  const runs = await runsOf(prisma, project, ids);
  return Promise.all(runs.map(({ id }) => findEvalTries(prisma, id, [itemId])));
}
