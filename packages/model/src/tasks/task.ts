import { z } from "zod";
import { DEFAULT_PROJECT, ProjectName } from "../projects/project.ts";
import { Variant } from "../versions/routing.ts";

/** A planner's request for a tool call: `arguments` is an object, key order kept. */
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
 * The limits of a model in one task: the number of its answers (usable or not), its tokens in and
 * out, and US dollars at list price. A model without a list price is limited by its tokens alone.
 */
export const PlannerLimits = z.strictObject({
  steps: z.number().int().positive().max(30),
  tokens: z.number().int().positive(),
  costUsd: z.number().positive(),
});
export type PlannerLimits = z.infer<typeof PlannerLimits>;

/** A prompt's name and version: `support@1`. */
export const PromptName = z.string().regex(/^[a-z][a-z-]*@\d{1,4}$/);

/**
 * Who plans a task: our own deterministic rules; the turns of a recorded conversation (`system` is its system prompt,
 * `model` the model recorded); a language model; or a person, to whom it is handed over at once. A task may name the
 * model and the prompt, and lower the limits; the models' endpoint and key are settings of the runtime alone.
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
 * The known correct outcome of a task, which the agent never sees. `actions` executed on a pristine world
 * give the state in which the task must end; every text of `outputs` must occur in an answer. `endsWithin`
 * is the largest number of agent steps in which the conversation may end (source: airline-tools §6, 30).
 */
export const Expectation = z.strictObject({
  actions: z.array(ToolRequest),
  outputs: z.array(z.string()),
  endsWithin: z.number().int().positive(),
});
export type Expectation = z.infer<typeof Expectation>;

/**
 * A task's priority: somebody waits for an `interactive` task; `batch` gets the remaining capacity, and is refused first under overload.
 */
export const Lane = z.enum(["interactive", "batch"]);
export type Lane = z.infer<typeof Lane>;

/** The labels that a task requires of each service's endpoint where a service runs at several; operators assign them, such as `gpu`. */
export const ServiceNeeds = z.partialRecord(
  z.enum(["language", "memory", "planning", "tools"]),
  z.array(z.string().min(1).max(100)).max(10),
);
export type ServiceNeeds = z.infer<typeof ServiceNeeds>;

/**
 * The body of `POST /v1/tasks`. With an `id` the call is idempotent: repeating the id returns
 * the existing task. `domain` is the agent's field, `world` a data set of it; `lane` defaults
 * to `interactive`. `version` is named where no other version of the agent may serve the task.
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
  // No default: requests are identified by their content, and earlier versions had no lane.
  lane: Lane.optional(),
  needs: ServiceNeeds.optional(),
  version: z.string().min(1).max(100).optional(),
  expectation: Expectation.optional(),
});
export type TaskRequest = z.infer<typeof TaskRequest>;

/** The state of a task. `done` and `dead` are final: every task ends in exactly one of them. */
export const TaskStatus = z.enum(["queued", "running", "done", "dead"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** An executed tool call of a task, in order. */
export const ExecutedCall = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()), output: z.string() });
export type ExecutedCall = z.infer<typeof ExecutedCall>;

/**
 * The result of a task. `answers` are the agent's plain replies, in order; `ended` tells whether the conversation ended within its steps.
 */
export const TaskResult = z.strictObject({
  answers: z.array(z.string()),
  toolCalls: z.array(ExecutedCall),
  ended: z.boolean(),
  steps: z.number().int().nonnegative(),
});
export type TaskResult = z.infer<typeof TaskResult>;

/**
 * The answer of `GET /v1/tasks/{id}`. Times are ISO 8601, UTC. `version` is the agent's, null where any may serve the task, and so
 * is `variant`, which says how it was chosen. `waitsFor` says which limit of its project keeps a queued task waiting, if one does.
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
