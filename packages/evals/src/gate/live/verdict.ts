import type { CanaryMetric } from "@signalbox/model";
import type { Interval } from "../../statistics/clopperPearson.ts";
import type { PerArm } from "./arm.ts";

/** What is known of one metric. `safe`: it is shown not to be worse than the margin allows; `worse`: it is to blame for a rollback by evidence. */
export type Standing = "worse" | "safe" | "open";

/**
 * One metric's numbers, in its own units (of one that counts: rates per unit). `difference` is candidate minus stable within blocks, `interval` what it can be (asymptotic, one
 * bound each at alpha); both null where nothing is known, or of a count. `eHarm` is the evidence that the candidate is worse, `eSafe` that it is not worse than `margin` allows
 * (null of what cannot show it).
 */
export interface MetricFigures {
  readonly name: string;
  readonly role: CanaryMetric["role"];
  readonly units: PerArm<number>;
  readonly mean: PerArm<number | null>;
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly margin: number | null;
  readonly eHarm: number | null;
  readonly eSafe: number | null;
  readonly standing: Standing;
}

/** Why a verdict is what it is. Only rollbacks by `evidence` are counted against alpha: those by a plain limit or by time are not. */
export type Grounds =
  | "evidence"
  | "breaker"
  | "timeout"
  | "split"
  | "signal"
  | "no_units"
  | "units_missing"
  | "not_shown_safe"
  | "step_done"
  | "shown_safe";

/**
 * What to do with a rollout. `promote` at a step that is not the last means the next step; at the last one, the whole traffic. `reason` is one sentence; the numbers behind it
 * follow. Every number has six significant digits: the verdict was reached on the exact ones.
 */
export interface LiveVerdict {
  readonly kind: "promote" | "hold" | "rollback";
  readonly grounds: Grounds;
  readonly reason: string;
  readonly step: number;
  readonly isLastStep: boolean;
  readonly blocks: number;
  readonly units: PerArm<number>;
  readonly stepUnits: PerArm<number>;
  readonly eHarm: number;
  readonly eHarmToRollBack: number;
  readonly eSafeToPromote: number;
  readonly split: { readonly wanted: number; readonly observed: number | null; readonly eValue: number; readonly isOk: boolean };
  readonly metrics: readonly MetricFigures[];
}
