/** Who served a unit: the version that is tried, or the one that serves meanwhile. */
export const ARMS = ["candidate", "stable"] as const;
export type Arm = (typeof ARMS)[number];

/** Something of each arm. */
export type PerArm<T> = { readonly [arm in Arm]: T };
