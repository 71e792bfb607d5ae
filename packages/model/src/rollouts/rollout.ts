import { z } from "zod";
import { ActReason } from "../deadLetters/redrive.ts";
import { GatePolicy, KeptGatePolicy } from "../gatePolicy/index.ts";
import { ProjectName } from "../projects/project.ts";

/**
 * Where a rollout is. `paused`: no next step, by a person or by the gate; the weight
 * stays, and what harms is rolled back all the same. The last three are final.
 */
export const RolloutPhase = z.enum(["running", "paused", "promoted", "rolledBack", "aborted"]);
export type RolloutPhase = z.infer<typeof RolloutPhase>;

/** Phases of a rollout that is not over. */
export const ROLLOUTS_UNDER_WAY = ["running", "paused"] as const satisfies readonly RolloutPhase[];

/**
 * What a paused rollout waits for: that the person who paused it lets it go on, that somebody
 * approves its step, or that somebody gives a step that ran out of time as much again.
 */
export const PauseCause = z.enum(["person", "approval", "time"]);
export type PauseCause = z.infer<typeof PauseCause>;

/**
 * A rollout of a project from its `stable` version to a `candidate`, under a policy that is frozen when it starts. `step` counts
 * from 0 and has gone on since `stepStartedAt`; a pause, since `pausedAt`, takes nothing of the step's time. `approvedStep` is
 * the last step that somebody approved, `retryOf` the rollout that this one tries again. `reason` is the newest sentence of the
 * log. `pausedFor` is null while it is not paused, and in what was written down before it was kept. Times are ISO 8601, UTC.
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
 * What a rollout is to be of. Without `stable` it begins from the version that serves the
 * project now. With `replace` one that is under way is aborted first, for that reason.
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
 * What people do to a rollout. `promote` gives the candidate everything at once,
 * whatever the gate says; `retry` begins another with the same policy and versions.
 */
export const RolloutVerb = z.enum(["pause", "resume", "approve", "promote", "abort", "retry"]);
export type RolloutVerb = z.infer<typeof RolloutVerb>;

/** How a rollout was when somebody decided to do something to it; what is left out was not looked at. `step` counts from 0. */
export const ExpectedRollout = z.strictObject({ step: z.int().nonnegative().optional(), phase: RolloutPhase.optional() });
export type ExpectedRollout = z.infer<typeof ExpectedRollout>;

/**
 * Something that somebody does to a rollout, and why. With `expected` it is done only while
 * the rollout is as it was then: a page that is old, or a second click, does nothing.
 */
export const RolloutAct = z.strictObject({ act: RolloutVerb, reason: ActReason, expected: ExpectedRollout.optional() });
export type RolloutAct = z.infer<typeof RolloutAct>;
