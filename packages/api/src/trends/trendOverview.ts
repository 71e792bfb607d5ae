import type { TimeWindow } from "@signalbox/model";
import type { Context } from "../context.ts";
import { trendStepSeconds, trendSteps, wholeSteps, windowBefore } from "./trendStep.ts";

/** The default and the largest number of points of a chart. */
const POINTS = { usual: 100, max: 400 } as const;

/** The most models and services that are listed, and the most models over time. */
const ROWS = { modelsMax: 50, servicesMax: 50, modelsOverTimeMax: 5 } as const;

type Asked = {
  project: string;
  window: TimeWindow;
  filter: { service?: string | undefined; model?: string | undefined };
  stepSeconds: number | undefined;
};

/**
 * A window's trends and the previous window's totals, both as of `now` and in whole steps. A step that does
 * not fit the window is replaced by the default. The previous totals cover as much of that window as has
 * passed of this one; the lists of models and costs by model ignore a condition on the model.
 */
export async function trendOverview(
  { trends, now }: Pick<Context, "trends" | "now">,
  { project, window: asked, filter, stepSeconds: wanted }: Asked,
) {
  const stepsSeconds = trendSteps(asked, POINTS.max);
  const stepSeconds = stepsSeconds.find((step) => step === wanted) ?? trendStepSeconds(asked, POINTS.usual);
  const window = wholeSteps(asked, stepSeconds);
  const before = windowBefore(window);
  const nowMs = now();
  const query = { project, window, filter, stepSeconds };
  const models = await trends.costliestModels(query, ROWS.modelsMax);
  const costliest = models.slice(0, ROWS.modelsOverTimeMax).map(({ model }) => model);
  const [points, totals, pointsBefore, totalsBefore, costs, services, behind] = await Promise.all([
    trends.overTime(query),
    trends.totals(query),
    trends.overTime({ ...query, window: before }),
    trends.totals({ ...query, stepSeconds: cutStepSeconds(window, stepSeconds), window: passedBefore(window, before, nowMs) }),
    trends.costByModel(query, costliest),
    trends.busiestServices(query, ROWS.servicesMax),
    trends.behind(project, window),
  ]);
  return {
    ...{ window, nowMs, stepSeconds, stepsSeconds, points, totals },
    before: { points: pointsBefore, totals: totalsBefore },
    ...{ models, costliest, costs, services, behind },
  };
}

const DAYS_IN_MINUTES_NS = 3n * 86_400_000_000_000n;

/**
 * The step for a window that ends within one, which is summed to that step's end. Over some days an
 * hour is too coarse, so minutes are summed; over more, an hour is less than what counts as equal.
 */
function cutStepSeconds({ from, to }: TimeWindow, stepSeconds: number): number {
  return BigInt(to) - BigInt(from) <= DAYS_IN_MINUTES_NS ? Math.min(stepSeconds, 60) : stepSeconds;
}

/** The part of the previous window that corresponds to the elapsed part of this one. */
function passedBefore(window: TimeWindow, before: TimeWindow, nowMs: number): TimeWindow {
  const passed = BigInt(Math.floor(nowMs)) * 1_000_000n - BigInt(window.from);
  const to = BigInt(window.from) - (BigInt(window.to) - BigInt(window.from)) + passed;
  return to < BigInt(before.to) && to > BigInt(before.from) ? { from: before.from, to: String(to) } : before;
}
