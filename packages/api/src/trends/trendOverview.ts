import type { TimeWindow } from "@signalbox/model";
import type { Context } from "../context.ts";
import { trendStepSeconds, trendSteps, wholeSteps, windowBefore } from "./trendStep.ts";

/** How many points a chart has when nobody said how wide they are, and at most. */
const POINTS = { usual: 100, max: 400 } as const;

/** How many models and services are told one by one, and how many models over time. */
const ROWS = { modelsMax: 50, servicesMax: 50, modelsOverTimeMax: 5 } as const;

type Asked = {
  project: string;
  window: TimeWindow;
  filter: { service?: string | undefined; model?: string | undefined };
  stepSeconds: number | undefined;
};

/**
 * What agents did in a window, and in the one before it, of one moment and in whole steps. A width that does not fit the window is replaced
 * by the usual one. The totals before are of as much of that window as has passed of this one; a condition on the model leaves models and
 * costs by model alone.
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
 * A window that ends amid a step is summed to the end of that step. In some days an hour is too
 * much, and they are summed by the minute; in more it is less than what counts as the same.
 */
function cutStepSeconds({ from, to }: TimeWindow, stepSeconds: number): number {
  return BigInt(to) - BigInt(from) <= DAYS_IN_MINUTES_NS ? Math.min(stepSeconds, 60) : stepSeconds;
}

/** As much of the window before as has passed of this one. */
function passedBefore(window: TimeWindow, before: TimeWindow, nowMs: number): TimeWindow {
  const passed = BigInt(Math.floor(nowMs)) * 1_000_000n - BigInt(window.from);
  const to = BigInt(window.from) - (BigInt(window.to) - BigInt(window.from)) + passed;
  return to < BigInt(before.to) && to > BigInt(before.from) ? { from: before.from, to: String(to) } : before;
}
