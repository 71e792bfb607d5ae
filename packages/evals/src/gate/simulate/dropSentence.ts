import { countText } from "@signalbox/model";
import type { Forecast } from "./forecast.ts";
import type { SimulatedTraffic } from "./simulateRollout.ts";

/**
 * The result of simulating a drop: `unit` is the unit of assignment, `worse` the
 * forecast for the candidate with the worse mean of `metric`, with the `means` of both.
 */
export interface DropFindings {
  readonly unit: "session" | "user";
  readonly metric: string;
  readonly unitsPerHour: number;
  readonly means: SimulatedTraffic["means"];
  readonly worse: Forecast;
}

/** A duration in hours, or in days if it is long. */
export const hoursText = (value: number): string => (value < 48 ? `${value.toFixed(1)} hours` : `${(value / 24).toFixed(1)} days`);

/** The number of units after which a drop is found, in a sentence; for one that is mostly missed, how often it is found. */
export function dropSentence({ unit, metric, unitsPerHour, means, worse }: DropFindings): string {
  const { stable, candidate } = means[metric] ?? { stable: 0, candidate: 0 };
  const drop = `With ${countText(unitsPerHour)} ${unit}s an hour, ${metric} at ${candidate} instead of ${stable} is found`;
  if (worse.rolledBackByEvidence < 0.5) return `${drop} in ${(100 * worse.rolledBackByEvidence).toFixed(1)} % of the rollouts only.`;
  const all = `${countText(worse.units.median)} in all, ${hoursText(worse.hours.median)}`;
  return `${drop} after about ${countText(worse.candidateUnits.median)} ${unit}s of the candidate (${all}).`;
}
