import { createHash } from "node:crypto";
import { z } from "zod";

/** Units are spread over so many buckets: a weight has two digits behind the point. */
export const BUCKETS = 10_000;

/** How many of a project's units go to the candidate, in percent. */
export const RoutingWeight = z.number().min(0).max(100);

/**
 * What a project's units are. `session`: sessions, and of tasks without one
 * users, or else tasks. `user`: users; a task without one is drawn by itself.
 */
export const RoutingUnit = z.enum(["session", "user"]);
export type RoutingUnit = z.infer<typeof RoutingUnit>;

/**
 * Which versions of the agent serve a project: `stable`, and `weight` percent of its units the `candidate`, if there is
 * one. The `salt` stays as long as the candidate does: it decides who is among the first. `unit` is by what they are drawn.
 */
export type Routing = { project: string; stable: string; candidate: string | null; weight: number; salt: string; unit: RoutingUnit };

/** A version by which a task is served and why: it is the project's stable or candidate one, or the task names it, or who plans it. */
export const Variant = z.enum(["stable", "candidate", "named"]);
export type Variant = z.infer<typeof Variant>;

/** What stays with one version: a session, a user, or the task alone. */
export type AssignmentUnit = "session" | "user" | "task";

/**
 * Which version serves a task, and the candidate's weight (percent) that this was decided
 * by. Of a task that names its version or planner there is no `bucket`, `unit` and `weight`.
 */
export type Assignment = { version: string; variant: Variant; bucket: number | null; unit: AssignmentUnit | null; weight: number | null };

/** The bucket of a unit, from 0 to `BUCKETS - 1`: always the same under one salt. */
export function bucketOf(salt: string, unit: AssignmentUnit, id: string): number {
  const digest = createHash("sha256").update(`${salt}\n${unit}\n${id}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * BUCKETS);
}

/**
 * Which version of a routing serves a task. Sticky: a unit's tasks all go the same
 * way. Monotone: a unit that is with the candidate stays there when the weight grows.
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
