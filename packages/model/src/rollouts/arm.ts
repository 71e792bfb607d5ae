import { z } from "zod";

/** Who served a unit: the version that is tried, or the one that serves meanwhile. */
export const ARMS = ["candidate", "stable"] as const;
export type Arm = (typeof ARMS)[number];

/** Something of each arm. */
export type PerArm<T> = { readonly [arm in Arm]: T };

/** The schema of something of each arm. */
export const perArm = <Each extends z.ZodType>(each: Each) => z.strictObject({ candidate: each, stable: each });

/** How many units of each arm. */
export const ArmUnits = perArm(z.int().nonnegative());
