import { z } from "zod";
import { DEFAULT_PROJECT, ProjectName } from "../projects/project.ts";
import { DeadLetterFilter } from "./deadLetterFilter.ts";

/** The limits of one redrive: letters in total, and letters per second. */
export const REDRIVE_LIMITS = { lettersMax: 100_000, ratePerSecondMin: 0.01, ratePerSecondMax: 1_000 } as const;

/** A selection of dead letters: a list, one group, or the matches of a filter. */
export const LetterSelection = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("letters"), ids: z.array(z.uuid()).min(1).max(1_000) }),
  z.strictObject({ kind: z.literal("group"), fingerprint: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal("filter"), filter: DeadLetterFilter }),
]);
export type LetterSelection = z.infer<typeof LetterSelection>;

/** The agent version that is to run a task again: any that serves, the one it died on, or one by name. */
export const TargetVersion = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("any") }),
  z.strictObject({ kind: z.literal("same") }),
  z.strictObject({ kind: z.literal("other"), version: z.string().min(1).max(200) }),
]);
export type TargetVersion = z.infer<typeof TargetVersion>;

/** The reason for an act, in the actor's words. */
export const ActReason = z.string().trim().min(1, "say why, in a few words").max(1_000);

/** The input of a forecast before a redrive. `payload` is a whole edited request, for a single letter only. */
export const RedriveQuestion = z.strictObject({
  project: ProjectName.default(DEFAULT_PROJECT),
  selection: LetterSelection,
  version: TargetVersion.default({ kind: "any" }),
  payload: z.unknown().optional(),
});
export type RedriveQuestion = z.infer<typeof RedriveQuestion>;

/**
 * A redrive order. `ratePerSecond` bounds how many tasks are requeued per second; with
 * `tryFirst`, that many go first, and the rest only when all of them ended well. More than one
 * letter needs a `confirmation`, typed by a person: the number of letters, or the redrive's name.
 */
export const RedriveOrder = RedriveQuestion.extend({
  name: z.string().trim().min(1).max(200),
  reason: ActReason,
  ratePerSecond: z.number().min(REDRIVE_LIMITS.ratePerSecondMin).max(REDRIVE_LIMITS.ratePerSecondMax).default(50),
  tryFirst: z.number().int().positive().max(1_000).nullable().default(null),
  confirmation: z.string().max(200).optional(),
});
export type RedriveOrder = z.infer<typeof RedriveOrder>;

/**
 * Why a dead letter cannot be redriven: it already was, another redrive holds it, it was discarded, its task has
 * moved on, the requested version no longer serves, or it is about a client's file, which has to be imported again.
 */
export const Obstacle = z.enum(["already_redriven", "claimed", "discarded", "task_moved_on", "version_gone", "held_in_file"]);
export type Obstacle = z.infer<typeof Obstacle>;

/** Letters that share an obstacle; `detail` describes the first of them: who and when, or which version. */
export const Obstructed = z.strictObject({
  obstacle: Obstacle,
  letters: z.number().int().positive(),
  letterId: z.uuid(),
  detail: z.string(),
});
export type Obstructed = z.infer<typeof Obstructed>;

/** A tool that tasks have called, or may call: how often, and in how many tasks. */
const ToolUse = z.strictObject({ domain: z.string(), tool: z.string(), calls: z.number().int(), tasks: z.number().int() });

/**
 * A forecast of a redrive; computing it changes nothing. `happened` are tool calls that these tasks
 * already made: they are on record under their idempotency keys and are not repeated. `possible` are tools
 * that the project's latest tasks have called in the same domains, and that these tasks may call too.
 */
export const RedriveForecast = z.strictObject({
  letters: z.number().int(),
  redrivable: z.number().int(),
  obstructed: z.array(Obstructed),
  groups: z.array(z.strictObject({ fingerprint: z.string(), message: z.string(), letters: z.number().int() })),
  effects: z.strictObject({ happened: z.array(ToolUse), possible: z.array(ToolUse) }),
});
export type RedriveForecast = z.infer<typeof RedriveForecast>;

/** The state of a redrive. `stopped` means that its trial share failed again; `done` and `cancelled` are final. */
export const RedriveState = z.enum(["running", "paused", "stopped", "done", "cancelled"]);
export type RedriveState = z.infer<typeof RedriveState>;

/** The states of a redrive that is not over. */
export const REDRIVES_UNDER_WAY = ["running", "paused", "stopped"] as const satisfies readonly RedriveState[];

/**
 * The state of a letter in a redrive: `pending` waits for its turn, `running` is queued or being worked on, `passed` and
 * `failed` are how its task ended, `skipped` could not be redriven when its turn came, `released` was let go by a cancellation.
 */
export const RedriveItemState = z.enum(["pending", "running", "passed", "failed", "skipped", "released"]);
export type RedriveItemState = z.infer<typeof RedriveItemState>;

/** The current state of a redrive. `actor` is a person, or `rule NAME`; `note` explains the state. Times are ISO 8601, UTC. */
export const Redrive = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  name: z.string(),
  reason: z.string(),
  actor: z.string(),
  selection: LetterSelection,
  version: TargetVersion,
  hasEditedPayload: z.boolean(),
  ratePerSecond: z.number(),
  tryFirst: z.number().int().nullable(),
  state: RedriveState,
  note: z.string().nullable(),
  counts: z.record(RedriveItemState, z.number().int()),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type Redrive = z.infer<typeof Redrive>;

/**
 * One letter of a redrive. `run` is the run that the redrive began; `nextLetterId` is the dead
 * letter in which that run ended. `taskId` is null for telemetry, which is ingested again.
 */
export const RedriveItem = z.strictObject({
  position: z.number().int(),
  letterId: z.uuid(),
  taskId: z.uuid().nullable(),
  fingerprint: z.string(),
  message: z.string(),
  state: RedriveItemState,
  note: z.string().nullable(),
  run: z.number().int().nullable(),
  nextLetterId: z.uuid().nullable(),
  redrivenAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type RedriveItem = z.infer<typeof RedriveItem>;

/** An order to discard letters for good. More than one needs a `confirmation`: their number, typed by a person. */
export const DiscardOrder = z.strictObject({
  project: ProjectName.default(DEFAULT_PROJECT),
  selection: LetterSelection,
  reason: ActReason,
  confirmation: z.string().max(200).optional(),
});
export type DiscardOrder = z.infer<typeof DiscardOrder>;

/** The result of a discard, or with `dryRun` its forecast. */
export const DiscardAnswer = z.strictObject({ discarded: z.number().int(), obstructed: z.array(Obstructed) });
export type DiscardAnswer = z.infer<typeof DiscardAnswer>;

/**
 * A rule that redrives letters without a person: those of a fingerprint, an error class, or
 * both, at most `lettersMax` in `minutes`, and none of a task that already ran `runsMax` times.
 */
export const NewRedriveRule = z
  .strictObject({
    project: ProjectName.default(DEFAULT_PROJECT),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name has 1 to 63 lower-case letters, digits and hyphens"),
    fingerprint: z.string().min(1).max(200).nullable().default(null),
    errorClass: z.string().min(1).max(200).nullable().default(null),
    lettersMax: z.number().int().positive().max(10_000),
    minutes: z.number().int().positive().max(10_080),
    runsMax: z.number().int().min(1).max(100).default(2),
    reason: ActReason,
  })
  .refine(({ fingerprint, errorClass }) => fingerprint !== null || errorClass !== null, {
    message: "a rule names a fingerprint, an error class, or both",
    path: ["fingerprint"],
  });
export type NewRedriveRule = z.infer<typeof NewRedriveRule>;

/**
 * A rule; `lettersInWindow` is how much of its budget is used now. It makes no redrives since
 * `pausedAt` (null: it is in force); `lastRedriveAt` is the time of its last one (null: none yet).
 */
export const RedriveRule = z.strictObject({
  ...NewRedriveRule.shape,
  id: z.uuid(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  pausedAt: z.iso.datetime().nullable(),
  lastRedriveAt: z.iso.datetime().nullable(),
  lettersInWindow: z.number().int(),
});
export type RedriveRule = z.infer<typeof RedriveRule>;

/**
 * The audited acts: on dead letters, on the queue that they go back into, on replays with effects, and on
 * rollouts. `redrive_aborted` is how older entries, which stay as they are, name `redrive_cancelled`.
 */
export const AuditAct = z.enum([
  "redrive_created",
  "redrive_paused",
  "redrive_resumed",
  "redrive_stopped",
  "redrive_cancelled",
  "redrive_aborted",
  "redrive_done",
  "letters_discarded",
  "letters_imported",
  "queue_paused",
  "queue_resumed",
  "rule_created",
  "rule_paused",
  "rule_resumed",
  "rule_deleted",
  "replay_asked",
  "replay_effect",
  "replay_cancelled",
  "rollout_started",
  "rollout_stepped",
  "rollout_paused",
  "rollout_resumed",
  "rollout_approved",
  "rollout_promoted",
  "rollout_rolled_back",
  "rollout_aborted",
  "rollout_retried",
]);
export type AuditAct = z.infer<typeof AuditAct>;

/**
 * An entry of the audit log, which is append-only. `subject` is what was acted on: the id of a redrive,
 * rule, letter or rollout, a group's fingerprint, `queue`, or for a replay the id of its task or batch.
 */
export const AuditEntry = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  act: AuditAct,
  subject: z.string(),
  actor: z.string(),
  reason: z.string(),
  detail: z.record(z.string(), z.unknown()),
  time: z.iso.datetime(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
