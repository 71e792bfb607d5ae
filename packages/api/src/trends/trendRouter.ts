import { FacetValue } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { resolveRange, TimeRange } from "../timeRange.ts";
import { procedure, router } from "../trpc.ts";
import { trendOverview } from "./trendOverview.ts";
import { trendStepSeconds } from "./trendStep.ts";

const LIMITS = { pointsMax: 400, modelsMax: 100 } as const;
const POINTS_DEFAULT = 60;

const Charted = z.strictObject({
  project: Project,
  range: TimeRange,
  filter: z.strictObject({ service: FacetValue.optional() }).default({}),
});
const OfModel = z.strictObject({ service: FacetValue.optional(), model: FacetValue.optional() }).default({});

export const trendRouter = router({
  /**
   * A whole screen of trends: points and totals with the previous window's totals,
   * models and their costs over time, services. `behind` is as in `overTime`.
   */
  overview: procedure
    .input(Charted.extend({ filter: OfModel, stepSeconds: z.number().int().positive().optional() }))
    .query(({ ctx, input: { project, range, filter, stepSeconds } }) =>
      trendOverview(ctx, { project, window: resolveRange(range, ctx.now()), filter, stepSeconds }),
    ),

  /** Traces and model calls over time: counts, failures, durations, usage. `behind` rows have arrived that are not included yet. */
  overTime: procedure
    .input(
      Charted.extend({
        filter: OfModel,
        points: z.number().int().min(1).max(LIMITS.pointsMax).default(POINTS_DEFAULT),
      }),
    )
    .query(async ({ ctx, input: { project, range, filter, points: pointsMax } }) => {
      const window = resolveRange(range, ctx.now());
      const stepSeconds = trendStepSeconds(window, pointsMax);
      const [points, behind] = await Promise.all([
        ctx.trends.overTime({ project, window, filter, stepSeconds }),
        ctx.trends.behind(project, window),
      ]);
      return { window, stepSeconds, points, behind };
    }),

  /** The models with the highest cost. */
  costliestModels: procedure
    .input(Charted.extend({ limit: z.number().int().min(1).max(LIMITS.modelsMax).default(10) }))
    .query(async ({ ctx, input: { project, range, filter, limit } }) => {
      const window = resolveRange(range, ctx.now());
      const stepSeconds = trendStepSeconds(window, POINTS_DEFAULT);
      return { window, models: await ctx.trends.costliestModels({ project, window, filter, stepSeconds }, limit) };
    }),
});
