import { type MinuteCounts, sumOf } from "./minuteCounts.ts";
import { MINUTES } from "./world.ts";

/**
 * A threshold checked every `interval` minutes over the last `window` minutes: `absolute` requires the candidate's success
 * rate to be at least `margin` below the mean base rate, `relative` at least `margin` below stable's in the same window.
 * More than `failureLimit` failed checks roll back, as in Argo's counter. Flagger rolls back at as many as its threshold.
 */
export interface FixedRule {
  readonly name: string;
  readonly kind: "absolute" | "relative";
  readonly window: number;
  readonly interval: number;
  readonly margin: number;
  readonly failureLimit: number;
}

/** The success rate behind absolute thresholds: the true mean, which nobody knows in production. */
export const BASE_KNOWN = 0.8;

/** Argo's counter trips when failures exceed its limit: 3, as its documentation shows. */
export const ARGO: FixedRule = { name: "argo", kind: "absolute", window: 1, interval: 1, margin: 0.05, failureLimit: 3 };
/** Flagger's counter trips when failures reach its threshold: 5, as its documentation shows. */
export const FLAGGER: FixedRule = { name: "flagger", kind: "absolute", window: 1, interval: 1, margin: 0.05, failureLimit: 4 };

/** Windows and intervals of checks, in minutes. */
const WINDOWS = [
  { window: 1, interval: 1 },
  { window: 5, interval: 1 },
  { window: 5, interval: 5 },
  { window: 10, interval: 1 },
  { window: 10, interval: 10 },
];

/** The 120 candidate thresholds among which the best is chosen, given the traffic. */
export const TUNED_RULES: readonly FixedRule[] = (["relative", "absolute"] as const).flatMap((kind) =>
  WINDOWS.flatMap(({ window, interval }) =>
    [0.025, 0.05, 0.075, 0.1].flatMap((margin) =>
      [0, 1, 3].map((failureLimit) => {
        const name = `${kind}, ${window} min every ${interval}, ${100 * margin} points, limit ${failureLimit}`;
        return { name, kind, window, interval, margin, failureLimit };
      }),
    ),
  ),
);

/** The minute at which a rule rolls back; null where it does not. A window without sessions of the candidate is not checked. */
export function rollsBackAt(rule: FixedRule, counts: MinuteCounts): number | null {
  let failures = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    if ((minute + 1) % rule.interval !== 0) continue;
    const from = minute - rule.window + 1;
    const candidate = sumOf(counts.candidate, from, minute);
    if (candidate === 0) continue;
    const stable = sumOf(counts.stable, from, minute);
    const wanted = rule.kind === "absolute" ? BASE_KNOWN : sumOf(counts.stableSuccesses, from, minute) / stable;
    if (sumOf(counts.candidateSuccesses, from, minute) / candidate < wanted - rule.margin) failures += 1;
    if (failures > rule.failureLimit) return minute;
  }
  return null;
}
