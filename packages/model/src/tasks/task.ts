import { z } from "zod";
import { DEFAULT_PROJECT, ProjectName } from "../projects/project.ts";
import { Variant } from "../versions/routing.ts";

/** A call of a tool as a planner asks for it: `arguments` is an object, key order kept. */
export const ToolRequest = z.strictObject({ name: z.string().min(1), arguments: z.record(z.string(), z.unknown()) });
export type ToolRequest = z.infer<typeof ToolRequest>;

/** One recorded turn of a conversation that the `recorded` planner plays. A tool's output is not recorded here: the tool is executed. */
export const RecordedTurn = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("user"), content: z.string() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.string().nullable(),
    toolCall: z.strictObject({ id: z.string(), name: z.string().min(1), arguments: z.record(z.string(), z.unknown()) }).nullable(),
  }),
]);
export type RecordedTurn = z.infer<typeof RecordedTurn>;

/**
 * How far a model may go in one task: answers that it gives (usable or not), tokens in and
 * out, and US dollars at list price. A model without a list price is held by its tokens alone.
 */
export const PlannerLimits = z.strictObject({
  steps: z.number().int().positive().max(30),
  tokens: z.number().int().positive(),
  costUsd: z.number().positive(),
});
export type PlannerLimits = z.infer<typeof PlannerLimits>;

/** A prompt by its name and version: `support@1`. */
export const PromptName = z.string().regex(/^[a-z][a-z-]*@\d{1,4}$/);

/**
 * Who plans a task: our own deterministic rules; the turns of a recorded conversation (`system` is its system prompt,
 * `model` the model recorded); a language model; or a person, to whom it is handed over at once. A task may name the
 * model and the prompt, and lower the limits; where models are asked and with which key is the runtime's setting alone.
 */
export const PlannerChoice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("rules") }),
  z.strictObject({
    kind: z.literal("recorded"),
    model: z.string(),
    provider: z.string(),
    system: z.string(),
    turns: z.array(RecordedTurn).min(1).max(500),
  }),
  z.strictObject({
    kind: z.literal("llm"),
    model: z.string().min(1).max(200).optional(),
    prompt: PromptName.optional(),
    limits: PlannerLimits.partial().optional(),
  }),
  z.strictObject({ kind: z.literal("person") }),
]);
export type PlannerChoice = z.infer<typeof PlannerChoice>;

/**
 * What is known to be right about a task; the agent never sees it.
 * `actions` executed on a pristine world give the state that the task must end in; every text of `outputs` must be in an answer.
 * `endsWithin` is the largest number of agent steps in which the conversation may end (source: airline-tools §6, 30).
 */
export const Expectation = z.strictObject({
  actions: z.array(ToolRequest),
  outputs: z.array(z.string()),
  endsWithin: z.number().int().positive(),
});
export type Expectation = z.infer<typeof Expectation>;

/**
 * Whose turn comes first: somebody waits for an `interactive` task;
 * `batch` takes what is left, and is refused first when there is too much.
 */
export const Lane = z.enum(["interactive", "batch"]);
export type Lane = z.infer<typeof Lane>;

/**
 * What a task needs the endpoints of each service to be, where a service
 * runs at several: labels that its operator gave them, such as `gpu`.
 */
export const ServiceNeeds = z.partialRecord(
  z.enum(["language", "memory", "planning", "tools"]),
  z.array(z.string().min(1).max(100)).max(10),
);
export type ServiceNeeds = z.infer<typeof ServiceNeeds>;

/**
 * The body of `POST /v1/tasks`. With an `id` the call is idempotent: the same id again answers the task
 * that is there. `domain` names what the agent is to be an agent of, `world` a data set of it; without a
 * `lane` the task is `interactive`. A `version` of the agent is named where no other may serve the task.
 */
export const TaskRequest = z.strictObject({
  id: z.uuid().optional(),
  project: ProjectName.default(DEFAULT_PROJECT),
  name: z.string().min(1).max(200),
  domain: z.string().min(1).max(100),
  world: z.string().min(1).max(100),
  message: z.string().min(1).max(100_000),
  planner: PlannerChoice.default({ kind: "rules" }),
  session: z.string().max(200).optional(),
  user: z.string().max(200).optional(),
  tags: z.array(z.string().max(100)).max(20).default([]),
  // No default: what a request is remembered by is its content, and that of an earlier version had no lane.
  lane: Lane.optional(),
  needs: ServiceNeeds.optional(),
  version: z.string().min(1).max(100).optional(),
  expectation: Expectation.optional(),
});
export type TaskRequest = z.infer<typeof TaskRequest>;

/** Where a task is. `done` and `dead` are final: every task ends in exactly one of them. */
export const TaskStatus = z.enum(["queued", "running", "done", "dead"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** A tool call that a task made, in order. */
export const ExecutedCall = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()), output: z.string() });
export type ExecutedCall = z.infer<typeof ExecutedCall>;

/**
 * What a task came to. `answers` are the agent's plain replies, in order;
 * `ended` tells whether the conversation came to its end within its steps.
 */
export const TaskResult = z.strictObject({
  answers: z.array(z.string()),
  toolCalls: z.array(ExecutedCall),
  ended: z.boolean(),
  steps: z.number().int().nonnegative(),
});
export type TaskResult = z.infer<typeof TaskResult>;

/**
 * The answer of `GET /v1/tasks/{id}`. Times are ISO 8601, UTC. `version` of the agent is null where any may serve the task, and so is
 * `variant`, which says how it was chosen. `waitsFor` says of one that is queued what keeps it, where that is a limit of its project.
 */
export const Task = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  name: z.string(),
  status: TaskStatus,
  attempts: z.number().int().nonnegative(),
  traceId: z.string(),
  session: z.string().nullable(),
  user: z.string().nullable(),
  tags: z.array(z.string()),
  version: z.string().nullable(),
  variant: Variant.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  result: TaskResult.nullable(),
  error: z.string().nullable(),
  waitsFor: z.string().optional(),
});
export type Task = z.infer<typeof Task>;
