import { createHash } from "node:crypto";
import { z } from "zod";

/** The number of buckets over which units are spread: a weight has two decimals. */
export const BUCKETS = 10_000;

/** The share of a project's units that the candidate gets, in percent. */
export const RoutingWeight = z.number().min(0).max(100);

/**
 * The unit by which a project's tasks are assigned. `session`: the session, for tasks without
 * one the user, or else the task. `user`: the user; a task without one is assigned by itself.
 */
export const RoutingUnit = z.enum(["session", "user"]);
export type RoutingUnit = z.infer<typeof RoutingUnit>;

/**
 * The routing of a project: the `stable` version, and the `candidate`, if any, that gets `weight` percent of the units. The
 * `salt` stays as long as the candidate does, because it decides which units come first. `unit` is the unit of assignment.
 */
export type Routing = { project: string; stable: string; candidate: string | null; weight: number; salt: string; unit: RoutingUnit };

/** Why a version serves a task: it is the project's stable or candidate version, or the task names it or its planner. */
export const Variant = z.enum(["stable", "candidate", "named"]);
export type Variant = z.infer<typeof Variant>;

/** The entity that stays with one version: a session, a user, or the task alone. */
export type AssignmentUnit = "session" | "user" | "task";

/**
 * The version that serves a task, and the candidate's weight (percent) at that decision.
 * A task that names its version or planner has no `bucket`, `unit` and `weight`.
 */
export type Assignment = { version: string; variant: Variant; bucket: number | null; unit: AssignmentUnit | null; weight: number | null };

/** The bucket of a unit, from 0 to `BUCKETS - 1`; constant for a given salt. */
export function bucketOf(salt: string, unit: AssignmentUnit, id: string): number {
  const digest = createHash("sha256").update(`${salt}\n${unit}\n${id}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * BUCKETS);
}

/**
 * Assigns a task to a version. Sticky: all tasks of a unit go to the same version.
 * Monotone: units that are with the candidate stay there when its weight grows.
 */
export function assignVersion(
  { stable, candidate, weight, salt, unit: by }: Routing,
  task: { id: string; session?: string | undefined; user?: string | undefined },
): Assignment {
  const [unit, id]: [AssignmentUnit, string] =
    by === "session" && task.session !== undefined
      ? ["session", task.session]
      : task.user !== undefined
        ? ["user", task.user]
        : ["task", task.id];
  const bucket = bucketOf(salt, unit, id);
  const isCandidate = candidate !== null && bucket < (weight / 100) * BUCKETS;
  return { version: isCandidate ? candidate : stable, variant: isCandidate ? "candidate" : "stable", bucket, unit, weight };
}
