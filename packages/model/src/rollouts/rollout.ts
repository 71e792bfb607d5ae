import { z } from "zod";
import { ActReason } from "../deadLetters/redrive.ts";
import { GatePolicy, KeptGatePolicy } from "../gatePolicy/index.ts";
import { ProjectName } from "../projects/project.ts";

/**
 * The state of a rollout. `paused` (by a person or the gate) stops the next
 * step: the weight stays, and harm still rolls back. The last three are final.
 */
export const RolloutPhase = z.enum(["running", "paused", "promoted", "rolledBack", "aborted"]);
export type RolloutPhase = z.infer<typeof RolloutPhase>;

/** The phases of a rollout that is not over. */
export const ROLLOUTS_UNDER_WAY = ["running", "paused"] as const satisfies readonly RolloutPhase[];

/**
 * The condition that a paused rollout waits for: a resume by the person who paused it,
 * an approval of its step, or more time for a step that ran out of it.
 */
export const PauseCause = z.enum(["person", "approval", "time"]);
export type PauseCause = z.infer<typeof PauseCause>;

/**
 * A rollout of a project from its `stable` version to a `candidate`, under a policy that is frozen when it starts.
 * `step` counts from 0 and has run since `stepStartedAt`; the time of a pause (since `pausedAt`) does not count.
 * `approvedStep` is the last approved step, `retryOf` the rollout that this one retries. `reason` is the latest
 * sentence of the log. `pausedFor` is null while it is not paused, and in older records. Times are ISO 8601, UTC.
 */
export const Rollout = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  gate: z.string(),
  policy: KeptGatePolicy,
  policyHash: z.string().length(64),
  stable: z.string(),
  candidate: z.string(),
  phase: RolloutPhase,
  step: z.int().nonnegative(),
  stepStartedAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  endedAt: z.iso.datetime().nullable(),
  reason: z.string(),
  pausedBy: z.enum(["person", "gate"]).nullable(),
  pausedFor: PauseCause.nullable().default(null),
  pausedAt: z.iso.datetime().nullable(),
  approvedStep: z.int().nonnegative().nullable(),
  retryOf: z.uuid().nullable(),
});
export type Rollout = z.infer<typeof Rollout>;

/**
 * The input for a new rollout. `stable` defaults to the version that serves the project
 * now. With `replace`, a rollout that is under way is aborted first, with that reason.
 */
export const RolloutOrder = z.strictObject({
  project: ProjectName,
  policy: GatePolicy,
  candidate: z.string().min(1).max(200),
  stable: z.string().min(1).max(200).optional(),
  reason: ActReason.optional(),
  replace: z.strictObject({ reason: ActReason }).optional(),
});
export type RolloutOrder = z.infer<typeof RolloutOrder>;

/**
 * The acts of people on a rollout. `promote` gives the candidate all traffic at once,
 * whatever the gate says; `retry` starts another rollout with the same policy and versions.
 */
export const RolloutVerb = z.enum(["pause", "resume", "approve", "promote", "abort", "retry"]);
export type RolloutVerb = z.infer<typeof RolloutVerb>;

/** The rollout's state on which somebody based a decision; fields left out are not checked. `step` counts from 0. */
export const ExpectedRollout = z.strictObject({ step: z.int().nonnegative().optional(), phase: RolloutPhase.optional() });
export type ExpectedRollout = z.infer<typeof ExpectedRollout>;

/**
 * An act on a rollout, and its reason. With `expected` it is done only while the rollout
 * is still in that state, so that an outdated page or a second click does nothing.
 */
export const RolloutAct = z.strictObject({ act: RolloutVerb, reason: ActReason, expected: ExpectedRollout.optional() });
export type RolloutAct = z.infer<typeof RolloutAct>;
