import { z } from "zod";
import { NamedError } from "../errors/errorReport.ts";
import { Decision } from "../tasks/decision.ts";
import { SceneState } from "../tasks/services.ts";
import { Stage, Step } from "../tasks/step.ts";
import { PromptName, TaskRequest, TaskResult } from "../tasks/task.ts";
import { AgentManifest } from "../versions/agentVersion.ts";
import { whyUnstorable } from "../whyUnstorable.ts";

/**
 * One recorded attempt at a task. `outcome` is null for an attempt that was still under way. An `error` has only class and message
 * on record unless it ended its run; then the service and the tool in which it occurred are known too. Times are ISO 8601, UTC.
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

/** The scorers' verdict on a task, one by one; null where it cannot be known. `reward` is 1 when all of them pass. */
export const ReplayVerdict = z.strictObject({
  reward: z.union([z.literal(0), z.literal(1)]).nullable(),
  finalState: z.boolean().nullable(),
  outputs: z.boolean().nullable(),
  ending: z.boolean().nullable(),
});
export type ReplayVerdict = z.infer<typeof ReplayVerdict>;

/**
 * The record of a finished task, on which a replay is based. `requests` has the request of each run, in order (a
 * redrive may change it); `verdict` is null where nothing was expected of the task, or it was not judged yet. The runs
 * in `runsWithoutLetter` have lost their dead letters, and with them their requests and the reason of their failure.
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

/** A substitute for a tool's answer. Without `arguments` it applies to every call. */
export const ToolSubstitute = z.strictObject({
  arguments: z.record(z.string(), z.unknown()).optional(),
  output: z.string(),
  isError: z.boolean().default(false),
  endsEpisode: z.boolean().default(false),
});
export type ToolSubstitute = z.infer<typeof ToolSubstitute>;

/** A prompt that replaces the version's: one of the code's prompts by name, or a text. */
export const PromptSetting = z.union([z.strictObject({ name: PromptName }), z.strictObject({ text: z.string().min(1).max(200_000) })]);
export type PromptSetting = z.infer<typeof PromptSetting>;

/** Why a plan cannot be replayed in mode `recorded`, in which no model or tool is called; null where it can. */
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

/** The index of an unreachable answer, one behind an answer that applies to every call; -1 where there is none. */
function neverGiven(answers: readonly ToolSubstitute[]): number {
  const forAll = answers.findIndex((answer) => answer.arguments === undefined);
  return forAll === -1 || forAll === answers.length - 1 ? -1 : forAll + 1;
}

/**
 * How a task is replayed. `recorded` takes every external answer from the record; `live` does so before the step `from`, and calls
 * models and tools anew from there on. `against` is the agent version to run (its code version alone leaves the rest as recorded);
 * null is the recorded version. `prompt` and `model` replace the version's; `tools` replace answers on record and of live tools alike.
 * With `allowsEffects`, external (MCP) tools are called; without it they answer from the record of the same call, or not at all.
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

/** A plan as requested. */
export const ReplayPlan = Plan.check(({ value, issues }) => {
  const unstorable = whyUnstorable(value, "plan");
  if (unstorable !== null) issues.push({ code: "custom", message: unstorable, input: value });
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

/** A plan as stored: an earlier version accepted some that would be refused now. */
export const KeptReplayPlan = Plan;

/**
 * A request line to the replaying process. `manifests` are the known manifests of
 * the versions that served the task, and of the one that it is replayed against.
 */
export const ReplayRequest = z.strictObject({
  recording: TaskRecording,
  plan: ReplayPlan,
  manifests: z.record(z.string(), AgentManifest).default({}),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/**
 * The first difference between a replay and its record. `step` is null for a difference of the task as a whole, `seq`
 * where no decision differs; `field` is a path in the step or the decision. A side without a value there has null.
 */
export const Divergence = z.strictObject({
  step: z.number().int().positive().nullable(),
  seq: z.number().int().nonnegative().nullable(),
  field: z.string(),
  recorded: z.unknown(),
  replayed: z.unknown(),
});
export type Divergence = z.infer<typeof Divergence>;

/** A step on one side of a replay: its input and output, its duration (milliseconds) and its cost (US dollars). */
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
 * A task on one side of a replay: as recorded, or as replayed. `state` is the final state of
 * its scene's data; null where it was not read, as in a recorded replay, which has no data.
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
 * The result of a replay. `executed` counts the stages that the runtime's code ran, by kind; `hashes` how many decisions have the
 * recorded hash (in a live replay, none from its first live step on). `refused` is the call that the fence blocked, which ended the
 * replay. `fromRecord` are the live steps in which an external tool was answered from the record; `askedCostUsd` is the cost of the
 * model calls made anew (US dollars at list price). `outcomeChanged`: the task ended in another status, or with another verdict; null
 * where the replay was stopped before the task's end. `unasked` are tools for which the plan has an answer that no call of a replay asked
 * for that came to the task's end.
 */
export const ReplayReport = z.strictObject({
  taskId: z.uuid(),
  name: z.string(),
  mode: z.enum(["recorded", "live"]),
  from: z.number().int().positive(),
  outcome: z.enum(["identical", "diverged"]),
  outcomeChanged: z.boolean().nullable(),
  divergence: Divergence.nullable(),
  refused: z.strictObject({ step: z.number().int().positive().nullable(), what: z.string() }).nullable(),
  fromRecord: z.array(z.number().int().positive()),
  unasked: z.array(z.string()).default([]),
  executed: z.record(z.string(), z.number().int().positive()),
  askedCostUsd: z.number().nonnegative(),
  hashes: z.strictObject({ equal: z.number().int().nonnegative(), total: z.number().int().nonnegative() }),
  recorded: ReplaySide,
  replayed: ReplaySide,
});
export type ReplayReport = z.infer<typeof ReplayReport>;

/** An answer line of the replaying process: one for each request, in any order. */
export const ReplayAnswer = z.union([
  z.strictObject({ taskId: z.uuid(), report: ReplayReport }),
  z.strictObject({ taskId: z.uuid(), error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }) }),
]);
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
