import { userInfo } from "node:os";
import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { countUnmatched, listScoreRules, removeScoreRule, scoreRuleNames, setScoreRule } from "@signalbox/db/prisma";
import { judgedScorers, requireOnlineScorers } from "@signalbox/evals";
import { SCORING_STATES, type ScoreRule, ScoreRuleDraft, ScoreRuleName, ScoringState, UnscoredTraceFilter } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { PageDirection } from "../pageDirection.ts";
import { Project, TraceAddress } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const RULES_MAX = 200;
const ROWS_MAX = 100;
const HOUR_MS = 3_600_000;
const DAY_NS = 86_400_000_000_000n;

const OutcomeKey = z.strictObject({ seenAtMs: z.number(), traceId: z.string() });

const nothing = (): Record<ScoringState, number> => ({ scored: 0, sampled_out: 0, waiting: 0, failed: 0 });

/**
 * Rules with the data that a page shows about them: the outcomes of the last `hours`, each score's hourly means, and the latest failures.
 */
async function withOutcomes(ctx: Context, project: string, rules: readonly ScoreRule[], hours: number) {
  const untilMs = ctx.now() + HOUR_MS;
  const fromMs = ctx.now() - hours * HOUR_MS;
  const [counts, means, unmatched, records] = await Promise.all([
    ctx.scoreLedger.counts(project, fromMs, untilMs),
    ctx.scoreLedger.means(project, fromMs, untilMs),
    countUnmatched(ctx.state, project, new Date(fromMs)),
    listJudgeCalibrations(ctx.state, project),
  ]);
  return Promise.all(
    rules.map(async (rule) => {
      const own = means.filter(({ ruleId }) => ruleId === rule.id);
      const traces = nothing();
      for (const { ruleId, state, traces: count } of counts) if (ruleId === rule.id) traces[state] += count;
      const [lastFailure] = await ctx.scoreLedger.list({ project, ruleId: rule.id, state: "failed", before: null, fromMs, rowsMax: 1 });
      return {
        ...rule,
        ...{ traces, matched: SCORING_STATES.reduce((sum, state) => sum + traces[state], 0), unmatched: unmatched.get(rule.id) ?? 0 },
        judges: judgedScorers([rule], records),
        means: own.map(({ ruleId: _, ...mean }) => mean),
        lastFailure: lastFailure === undefined ? null : { traceId: lastFailure.traceId, reason: lastFailure.reason },
      };
    }),
  );
}

export const scoringRouter = router({
  /** The rules of a project by name, with the outcomes of the last `hours`. */
  list: procedure
    .input(z.strictObject({ project: Project, hours: z.int().min(1).max(720).default(24) }))
    .query(async ({ ctx, input: { project, hours } }) =>
      withOutcomes(ctx, project, await listScoreRules(ctx.state, project, RULES_MAX), hours),
    ),

  /** Creates a rule, or changes the one of its name. */
  set: procedure.input(ScoreRuleDraft).mutation(({ ctx, input }) => {
    requireOnlineScorers(input.scorers);
    return setScoreRule(ctx.state, input, { actor: userInfo().username, now: new Date(ctx.now()) });
  }),

  /** Removes a rule; its scores stay. */
  remove: procedure
    .input(z.strictObject({ project: Project, name: ScoreRuleName }))
    .mutation(({ ctx, input }) => removeScoreRule(ctx.state, { ...input, now: new Date(ctx.now()) })),

  /** The number of traces of the last day that pass a filter. */
  preview: procedure
    .input(z.strictObject({ project: Project, filter: UnscoredTraceFilter }))
    .query(async ({ ctx, input: { project, filter } }) => {
      const to = BigInt(ctx.now()) * 1_000_000n;
      const [slice] = await ctx.traces.histogram(project, { from: String(to - DAY_NS), to: String(to) }, filter, 1);
      return { traces: slice?.traces ?? 0 };
    }),

  /** The outcomes of a rule's traces one by one, latest first. */
  outcomes: procedure
    .input(
      z.strictObject({
        project: Project,
        ruleId: z.uuid(),
        state: ScoringState.nullable().default(null),
        cursor: OutcomeKey.nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, ruleId, state, cursor } }) => {
      const rows = await ctx.scoreLedger.list({ project, ruleId, state, before: cursor ?? null, rowsMax: ROWS_MAX + 1 });
      const outcomes = rows.slice(0, ROWS_MAX);
      const last = outcomes.at(-1);
      return { outcomes, next: rows.length > ROWS_MAX && last !== undefined ? { seenAtMs: last.seenAtMs, traceId: last.traceId } : null };
    }),

  /** The outcome of a trace under each rule whose filter it passed. */
  ofTrace: procedure.input(TraceAddress).query(async ({ ctx, input: { project, traceId } }) => {
    const outcomes = await ctx.scoreLedger.ofTrace(project, traceId);
    const names = await scoreRuleNames(ctx.state, [...new Set(outcomes.map(({ ruleId }) => ruleId))]);
    return outcomes.map((outcome) => ({ ...outcome, rule: names.get(outcome.ruleId) ?? "a rule that is gone" }));
  }),
});
