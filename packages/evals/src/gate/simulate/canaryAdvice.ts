import { type CanaryPolicy, countText, durationMs } from "@signalbox/model";
import type { PolicyAdvice } from "../offline/policyAdvice.ts";
import { usualMean } from "./dropQuestion.ts";
import { forecast } from "./forecast.ts";

/** Few and short simulations: checking a policy must be quick, and "about" is all that is claimed. */
const SIMS = 5;
const UNITS_MAX = 20_000;
const UNITS_PER_HOUR = 1_000;
const HOUR_MS = 3_600_000;

/** Only rollouts that take this many times the time of their steps are worth a remark. */
const LONGER = 2;

/**
 * Remarks where an equal candidate is not promoted in about the time that a canary's steps suggest: its margins may need many times the
 * units, or more than arrive within a step's time limit. Simulated with usual means (`usualMean`); the same policy gets the same advice.
 */
export function canaryAdvice(canary: CanaryPolicy): PolicyAdvice[] {
  const last = canary.steps.length - 1;
  const { minUnits, setWeight, maxDuration } = canary.steps[last] ?? { minUnits: 0, setWeight: 100 };
  const asked = canary.steps.reduce((sum, step) => sum + step.minUnits, 0);
  const patient = { ...canary, steps: canary.steps.map(({ maxDuration: _, ...step }) => step) };
  const means = Object.fromEntries(
    canary.metrics.map((metric) => [metric.name, { stable: usualMean(metric), candidate: usualMean(metric) }]),
  );
  const traffic = { unitsPerHour: UNITS_PER_HOUR, hoursMax: UNITS_MAX / UNITS_PER_HOUR, means };
  const { promoted, candidateUnits } = forecast(patient, traffic, { sims: SIMS, seed: 1 });
  const path = ["spec", "canary", "steps", last, maxDuration === undefined ? "minUnits" : "maxDuration"];
  const supposing = `if ${canary.metrics.map((metric) => `${metric.name} is ${usualMean(metric)}`).join(", ")}`;
  if (promoted < 0.5)
    return [
      {
        path,
        what: `an equal candidate is not promoted within ${countText(UNITS_MAX)} units (${supposing}): wider margins are shown sooner, and ./signalbox gate simulate says how soon`,
      },
    ];
  const units = candidateUnits.median;
  const atLast = Math.max(minUnits, units - (asked - minUnits));
  const advice: string[] = [];
  if (units > LONGER * asked)
    advice.push(
      `an equal candidate is promoted after about ${countText(units)} units of it, not after the ${countText(asked)} that the steps ask for`,
    );
  if (maxDuration !== undefined && units > LONGER * asked) {
    const perHour = atLast / (setWeight / 100) / (durationMs(maxDuration) / HOUR_MS);
    advice.push(`with fewer than ${countText(perHour)} units an hour the ${maxDuration} of its last step are over first`);
  }
  return advice.length === 0 ? [] : [{ path, what: `${advice.join("; ")} (${supposing})` }];
}
