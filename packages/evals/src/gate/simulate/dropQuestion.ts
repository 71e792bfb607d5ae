import { AppError, type CanaryMetric, nearestName } from "@signalbox/model";
import type { LivePolicy } from "../live/livePolicy.ts";
import { lookPace } from "../rollout/lookPace.ts";
import type { SimulatedTraffic } from "./simulateRollout.ts";

/**
 * A question about a policy: how does it treat a candidate that is worse in one metric? Defaults: the first
 * guardrail, and a drop of its margin, in its own units. `means` has the stable version's means where they are known.
 */
export interface DropQuestion {
  readonly unitsPerHour: number;
  readonly hoursMax: number;
  readonly metric?: string | undefined;
  readonly drop?: number | undefined;
  readonly means: { readonly [metric: string]: number };
}

/** A question with its defaults filled in: the traffic of a worse candidate, and of an equal one. */
export interface AskedDrop {
  readonly metric: string;
  readonly drop: number;
  readonly worse: SimulatedTraffic;
  readonly equal: SimulatedTraffic;
}

/** Throws `invalid_input` for a metric that the policy does not have. */
export function askDrop(policy: LivePolicy, question: DropQuestion): AskedDrop {
  const metric = chosenMetric(policy, question.metric);
  const drop = question.drop ?? usualDrop(metric);
  const stable = stableMeans(policy, question.means);
  const { unitsPerHour, hoursMax } = question;
  const traffic = (worseBy: number): SimulatedTraffic => ({
    ...{ unitsPerHour, hoursMax, pace: lookPace(policy) },
    means: Object.fromEntries(
      [...stable].map(([name, mean]) => [name, { stable: mean, candidate: name === metric.name ? worsened(metric, mean, worseBy) : mean }]),
    ),
  });
  return { metric: metric.name, drop, worse: traffic(drop), equal: traffic(0) };
}

/** The metric that gets worse: the named one, else the first guardrail. */
function chosenMetric({ metrics }: LivePolicy, name: string | undefined): CanaryMetric {
  const gathering = metrics.filter(({ role }) => role !== "breaker");
  const found = gathering.find((metric) => (name === undefined ? metric.role === "guardrail" : metric.name === name));
  if (found !== undefined) return found;
  const nearest = nearestName(
    name ?? "",
    gathering.map((metric) => metric.name),
  );
  throw new AppError("invalid_input", `The policy has no metric ${name} that gathers evidence.`, {
    hint: nearest === undefined ? `It has ${gathering.map((metric) => metric.name).join(", ")}.` : `Did you mean ${nearest}?`,
  });
}

/** A drop of the margin's size, or one more event per hundred units. */
const usualDrop = (metric: CanaryMetric): number => (metric.kind === "count" ? 0.01 : metric.nonInferiorityMargin);

/** The mean that is worse by an amount in the metric's own units. */
function worsened(metric: CanaryMetric, mean: number, by: number): number {
  const isLess = metric.kind !== "count" && metric.direction === "increase";
  return Number((isLess ? mean - by : mean + by).toPrecision(12));
}

/** A middling mean of the stable version, where none is known. */
export function usualMean(metric: CanaryMetric): number {
  if (metric.kind === "count") return 0.01;
  const share = metric.direction === "increase" ? 0.8 : 0.1;
  if (metric.kind === "score") return metric.range[0] + share * (metric.range[1] - metric.range[0]);
  return metric.kind === "bounded" ? 0.4 * metric.cap : share;
}

/** The stable version's means: the given ones, else usual ones. */
function stableMeans({ metrics }: LivePolicy, given: DropQuestion["means"]): Map<string, number> {
  const means = new Map(metrics.map((metric) => [metric.name, usualMean(metric)]));
  for (const [name, mean] of Object.entries(given)) {
    if (!means.has(name))
      throw new AppError("invalid_input", `The policy has no metric ${name}.`, { hint: `It has ${[...means.keys()].join(", ")}.` });
    means.set(name, mean);
  }
  return means;
}
