import { z } from "zod";

/** The arms of a rollout: the version on trial, and the one that serves meanwhile. */
export const ARMS = ["candidate", "stable"] as const;
export type Arm = (typeof ARMS)[number];

/** A value for each arm. */
export type PerArm<T> = { readonly [arm in Arm]: T };

/** The schema of a value for each arm. */
export const perArm = <Each extends z.ZodType>(each: Each) => z.strictObject({ candidate: each, stable: each });

/** The number of units in each arm. */
export const ArmUnits = perArm(z.int().nonnegative());
