import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { listEvalRuns, listEvalTries, readEvalTotals, requireEvalRun } from "@signalbox/db/evalRuns";
import { judgedScorer, passK, ROW_CHANGES, scorerFigures } from "@signalbox/evals";
import { type EvalRun, LANGSMITH_TARGET, shownRun } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { classesOfRun } from "./classesOfRun.ts";
import { comparedItem, comparedRows, compareEvalRuns } from "./comparedRuns.ts";

const RUNS_MAX = 200;
const TRIES_MAX = 100;
const ROWS_MAX = 200;
const MARGINS_MAX = 100;
const LABELS_MAX = 200;
const SKEW_MS = 3_600_000;

const RunAddress = z.strictObject({ project: Project, id: z.uuid() });

/** The number of rows before a page. */
const Paging = { cursor: z.int().nonnegative().nullish(), direction: PageDirection };

/** A baseline and one to four candidates. */
const RunsSideBySide = z.strictObject({ project: Project, ids: z.array(z.uuid()).min(2).max(5) });

const Margins = z
  .record(z.string().min(1).max(200), z.number().nonnegative())
  .refine((margins) => Object.keys(margins).length <= MARGINS_MAX, `has up to ${MARGINS_MAX} margins`)
  .default({});

const TryFilter = z.strictObject({ state: z.enum(["answered", "failed"]).optional(), failing: z.string().max(60).optional() });

/** Feedback of LangSmith's clients on an experiment as a whole, and the labels of its runs. Their clocks may be wrong by an hour. */
async function feedbackOf(ctx: Pick<Context, "sessionFeedback" | "sessionLabels">, { id, project, target, createdAt }: EvalRun) {
  if (target !== LANGSMITH_TARGET) return { overall: [], labels: [] };
  const session = { project, session: id, from: new Date(Date.parse(createdAt) - SKEW_MS) };
  const [overall, labels] = await Promise.all([ctx.sessionFeedback(session), ctx.sessionLabels(session, LABELS_MAX)]);
  return { overall, labels };
}

export const evalRunRouter = router({
  /** The eval runs of a project, latest first. */
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(async ({ ctx, input: { project } }) => (await listEvalRuns(ctx.state, project, RUNS_MAX)).map(shownRun)),

  /**
   * A run with what its results add up to, by scorer, how far a scorer that
   * is a judge is to be believed, which class was taken for which, and what
   * clients of LangSmith said of it besides.
   */
  read: procedure.input(RunAddress).query(async ({ ctx, input: { project, id } }) => {
    const run = await requireEvalRun(ctx.state, project, id);
    const [totals, records] = await Promise.all([readEvalTotals(ctx.bulk, id), listJudgeCalibrations(ctx.state, project)]);
    const scorers = totals.map((total) => {
      const choice = run.scorers.find(({ as, name }) => (as ?? name) === total.name);
      const judged = choice === undefined ? null : judgedScorer(choice, records);
      return { ...scorerFigures(total), passK: passK(total.trials), judged };
    });
    return { run: shownRun(run), scorers, classes: await classesOfRun(ctx.bulk, run), ...(await feedbackOf(ctx, run)) };
  }),

  /** A page of a run's tries: failed ones first, then those that a scorer did not pass. */
  tries: procedure
    .input(RunAddress.extend({ filter: TryFilter.default({}), ...Paging }))
    .query(async ({ ctx, input: { project, id, filter, cursor } }) => {
      const skip = cursor ?? 0;
      await requireEvalRun(ctx.state, project, id);
      const { state, failing } = filter;
      const asked = { ...(state === undefined ? {} : { state }), ...(failing === undefined ? {} : { failing }) };
      const { tries, total } = await listEvalTries(ctx.bulk, id, asked, { skip, rowsMax: TRIES_MAX });
      const next = skip + tries.length;
      return { tries, total, next: next < total && tries.length > 0 ? next : null };
    }),

  /**
   * A baseline and its candidates: what the scorers say of each, over every item that both have, and how many items changed.
   * `margins` say how large a loss counts for nothing, by the name of the scorer; without one a pass rate may lose three points.
   */
  compare: procedure
    .input(RunsSideBySide.extend({ margins: Margins }))
    .query(({ ctx, input: { project, ids, margins } }) => compareEvalRuns(ctx.bulk, project, ids, margins)),

  /** A page of the items of these runs side by side, largest losses first. */
  comparedRows: procedure
    .input(RunsSideBySide.extend({ change: z.enum(ROW_CHANGES).default("all"), metric: z.string().max(60).nullish(), ...Paging }))
    .query(async ({ ctx, input: { project, ids, change, metric, cursor } }) => {
      const skip = cursor ?? 0;
      const page = await comparedRows(ctx.bulk, project, ids, { change, metric: metric ?? null, skip, rowsMax: ROWS_MAX });
      const next = skip + page.rows.length;
      return { ...page, next: next < page.total && page.rows.length > 0 ? next : null };
    }),

  /** One item of several runs: its input, and each run's answers. */
  comparedItem: procedure
    .input(RunsSideBySide.extend({ itemId: z.string().max(200) }))
    .query(({ ctx, input: { project, ids, itemId } }) => comparedItem(ctx.state, project, ids, itemId)),
});
