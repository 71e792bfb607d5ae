import { countText } from "@signalbox/model";
import type { Forecast } from "./forecast.ts";
import type { SimulatedTraffic } from "./simulateRollout.ts";

/**
 * What a simulation of a drop found: `unit` is what is assigned, `worse` how the
 * candidate fared whose mean of `metric` is worse, with the `means` of both.
 */
export interface DropFindings {
  readonly unit: "session" | "user";
  readonly metric: string;
  readonly unitsPerHour: number;
  readonly means: SimulatedTraffic["means"];
  readonly worse: Forecast;
}

/** A length of time in hours, or in days where it is long. */
export const hoursText = (value: number): string => (value < 48 ? `${value.toFixed(1)} hours` : `${(value / 24).toFixed(1)} days`);

/** After how many units a drop is found, in a sentence; of one that is mostly not found, how often it is. */
export function dropSentence({ unit, metric, unitsPerHour, means, worse }: DropFindings): string {
  const { stable, candidate } = means[metric] ?? { stable: 0, candidate: 0 };
  const drop = `With ${countText(unitsPerHour)} ${unit}s an hour, ${metric} at ${candidate} instead of ${stable} is found`;
  if (worse.rolledBackByEvidence < 0.5) return `${drop} in ${(100 * worse.rolledBackByEvidence).toFixed(1)} % of the rollouts only.`;
  const all = `${countText(worse.units.median)} in all, ${hoursText(worse.hours.median)}`;
  return `${drop} after about ${countText(worse.candidateUnits.median)} ${unit}s of the candidate (${all}).`;
}
