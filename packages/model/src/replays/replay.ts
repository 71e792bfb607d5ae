import { z } from "zod";
import { NamedError } from "../errors/errorReport.ts";
import { Decision } from "../tasks/decision.ts";
import { SceneState } from "../tasks/services.ts";
import { Stage, Step } from "../tasks/step.ts";
import { PromptName, TaskRequest, TaskResult } from "../tasks/task.ts";
import { AgentManifest } from "../versions/agentVersion.ts";

/**
 * One start of a task as it is on record. `outcome` is null for one that was still under way. Of an `error` that did not end its run,
 * only class and message are on record; of one that did, also the service and the tool in which it came up. Times are ISO 8601, UTC.
 */
export const RecordedAttempt = z.strictObject({
  attempt: z.number().int().positive(),
  run: z.number().int().positive(),
  worker: z.string(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(["done", "failed", "lost", "released"]).nullable(),
  error: z
    .strictObject({
      ...{ class: z.string(), message: z.string(), chain: z.array(NamedError), frame: z.string().nullable() },
      ...{ service: z.string().nullable().default(null), tool: z.string().nullable().default(null) },
    })
    .nullable(),
});
export type RecordedAttempt = z.infer<typeof RecordedAttempt>;

/** What the scorers say of a task, one by one; null for what nobody can know. `reward` is 1 when every one of them passes. */
export const ReplayVerdict = z.strictObject({
  reward: z.union([z.literal(0), z.literal(1)]).nullable(),
  finalState: z.boolean().nullable(),
  outputs: z.boolean().nullable(),
  ending: z.boolean().nullable(),
});
export type ReplayVerdict = z.infer<typeof ReplayVerdict>;

/**
 * All that is on record of a finished task: what a replay goes by. `requests` has what was asked for in each run, in their
 * order (a redrive may change it); `verdict` is null where nothing was expected of the task, or where it was not judged yet.
 * Of `runsWithoutLetter` the dead letter that ended them is gone, and with it what was asked for in them and why they failed.
 */
export const TaskRecording = z.strictObject({
  id: z.uuid(),
  status: z.enum(["queued", "running", "done", "dead"]),
  traceId: z.string(),
  requests: z.array(TaskRequest).min(1),
  runsWithoutLetter: z.array(z.number().int().positive()).default([]),
  attempts: z.array(RecordedAttempt),
  steps: z.array(Step),
  decisions: z.array(Decision),
  result: TaskResult.nullable(),
  error: z.string().nullable(),
  verdict: ReplayVerdict.nullable(),
});
export type TaskRecording = z.infer<typeof TaskRecording>;

/** An answer that a tool gives instead of its own. Without `arguments` it is for every call. */
export const ToolSubstitute = z.strictObject({
  arguments: z.record(z.string(), z.unknown()).optional(),
  output: z.string(),
  isError: z.boolean().default(false),
  endsEpisode: z.boolean().default(false),
});
export type ToolSubstitute = z.infer<typeof ToolSubstitute>;

/** Another prompt than the version's: one of those that the code has, by its name, or a text. */
export const PromptSetting = z.union([z.strictObject({ name: PromptName }), z.strictObject({ text: z.string().min(1).max(200_000) })]);
export type PromptSetting = z.infer<typeof PromptSetting>;

/** What a replay in mode `recorded` has no use for: there nothing is asked. */
function whyNotRecorded({
  from,
  prompt,
  model,
  allowsEffects,
}: Record<"from" | "prompt" | "model" | "allowsEffects", unknown>): string | null {
  if (from !== 1) return "a recorded replay begins at step 1; from another step on it is live";
  if (prompt !== null || model !== null) return "no model is asked in a recorded replay; another prompt or model needs a live one";
  return allowsEffects ? "a recorded replay has no effects" : null;
}

/** The place of an answer that would never be given, for one before it is for every call; -1 where there is none. */
function neverGiven(answers: readonly ToolSubstitute[]): number {
  const forAll = answers.findIndex((answer) => answer.arguments === undefined);
  return forAll === -1 || forAll === answers.length - 1 ? -1 : forAll + 1;
}

/**
 * How a task is replayed. `recorded` takes from the record whatever was asked of others; `live` does so before the
 * step `from`, and asks models and runs tools anew from it on. `against` is the version of the agent that is to run
 * (its code's version alone leaves the rest as it was); null asks for the one that ran. `prompt` and `model` are asked
 * instead of the version's; `tools` answer instead of those on record, or of those that run. With `allowsEffects`
 * tools of others (MCP) are called; without it they answer what is on record of the same call, or nothing.
 */
const Plan = z.strictObject({
  mode: z.enum(["recorded", "live"]).default("recorded"),
  from: z.number().int().positive().default(1),
  against: z.string().max(100).nullable().default(null),
  prompt: PromptSetting.nullable().default(null),
  model: z.string().min(1).max(200).nullable().default(null),
  tools: z.record(z.string(), z.array(ToolSubstitute).min(1)).default({}),
  allowsEffects: z.boolean().default(false),
});

/** A plan as it is asked for. */
export const ReplayPlan = Plan.check(({ value, issues }) => {
  const why = value.mode === "live" ? null : whyNotRecorded(value);
  if (why !== null) issues.push({ code: "custom", message: why, input: value });
  for (const [name, answers] of Object.entries(value.tools)) {
    const at = neverGiven(answers);
    const message =
      "an answer before this one is for every call, so this one would never be given: say for which arguments it is, and first";
    if (at !== -1) issues.push({ code: "custom", message, input: answers[at], path: ["tools", name, at] });
  }
});
export type ReplayPlan = z.infer<typeof ReplayPlan>;

/** A plan as it is on record: an earlier version took some that would be refused now. */
export const KeptReplayPlan = Plan;

/**
 * A line that the replaying process is sent. `manifests` are what is known of
 * the versions that served the task, and of the one that it is replayed against.
 */
export const ReplayRequest = z.strictObject({
  recording: TaskRecording,
  plan: ReplayPlan,
  manifests: z.record(z.string(), AgentManifest).default({}),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/**
 * Where a replay first parts from the record. `step` is null for what concerns the task as a whole, `seq` where
 * no decision differs; `field` is a path in the step or the decision. A side that has nothing there has null.
 */
export const Divergence = z.strictObject({
  step: z.number().int().positive().nullable(),
  seq: z.number().int().nonnegative().nullable(),
  field: z.string(),
  recorded: z.unknown(),
  replayed: z.unknown(),
});
export type Divergence = z.infer<typeof Divergence>;

/** A step as one side has it: what it took in and gave out, and what it took. Durations are milliseconds, costs US dollars. */
export const ReplayStep = z.strictObject({
  step: z.number().int().positive(),
  attempt: z.number().int().positive(),
  stage: Stage,
  durationMs: z.number().nonnegative(),
  tokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type ReplayStep = z.infer<typeof ReplayStep>;

/**
 * A task as the record has it, or as the replay made it. `state` is what it left in
 * the data of its scene; null where nobody looked: a recorded replay has no data.
 */
export const ReplaySide = z.strictObject({
  version: z.string(),
  status: z.enum(["queued", "running", "done", "dead"]),
  error: z.string().nullable(),
  attempts: z.number().int().nonnegative(),
  steps: z.array(ReplayStep),
  result: TaskResult.nullable(),
  state: SceneState.nullable(),
  durationMs: z.number().nonnegative(),
  tokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
  verdict: ReplayVerdict.nullable(),
});
export type ReplaySide = z.infer<typeof ReplaySide>;

/**
 * What came of a replay. `executed` counts the stages that the runtime's code went through, by kind; `hashes` how
 * many decisions have the hash that is on record (in a live replay none from its first live step on). `refused` is
 * the call that the fence did not let through, which ended the replay. `fromRecord` are the live steps in which a
 * tool of others answered what is on record, `askedCostUsd` is what the models took that were asked again (US dollars
 * at list price). `outcomeChanged` says that the task ended otherwise: in another status, or with another verdict.
 */
export const ReplayReport = z.strictObject({
  taskId: z.uuid(),
  name: z.string(),
  mode: z.enum(["recorded", "live"]),
  from: z.number().int().positive(),
  outcome: z.enum(["identical", "diverged"]),
  outcomeChanged: z.boolean(),
  divergence: Divergence.nullable(),
  refused: z.strictObject({ step: z.number().int().positive().nullable(), what: z.string() }).nullable(),
  fromRecord: z.array(z.number().int().positive()),
  executed: z.record(z.string(), z.number().int().positive()),
  askedCostUsd: z.number().nonnegative(),
  hashes: z.strictObject({ equal: z.number().int().nonnegative(), total: z.number().int().nonnegative() }),
  recorded: ReplaySide,
  replayed: ReplaySide,
});
export type ReplayReport = z.infer<typeof ReplayReport>;

/** A line that the replaying process answers, one for each that it was sent, in no order. */
export const ReplayAnswer = z.union([
  z.strictObject({ taskId: z.uuid(), report: ReplayReport }),
  z.strictObject({ taskId: z.uuid(), error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }) }),
]);
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
