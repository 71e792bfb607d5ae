import { z } from "zod";
import { ModelUse } from "../telemetry/modelUse.ts";
import { type Findings, type KnowledgeQuery, Passage } from "./knowledge.ts";
import { PlannerChoice, ToolRequest } from "./task.ts";

/**
 * Which data a task sees: a world (a data set of its domain) and an overlay
 * of its own on top, so that tasks never see one another's effects.
 */
export const Scene = z.strictObject({ domain: z.string(), world: z.string(), overlay: z.string() });
export type Scene = z.infer<typeof Scene>;

/**
 * A tool call with its idempotency key: the same key in the same overlay answers the recorded output
 * and has no second effect. `agentVersion` is that of the agent which calls, and decides what it may;
 * a call without one is no agent's (an evaluation's expected action) and stays within our own stores.
 */
export const ToolCallRequest = z.strictObject({
  scene: Scene,
  idempotencyKey: z.string().min(1).max(200),
  call: ToolRequest,
  agentVersion: z.string().min(1).optional(),
});
export type ToolCallRequest = z.infer<typeof ToolCallRequest>;

/** What a tool answered. `output` is the exact text that the agent sees; `endsEpisode` is true for a tool that hands over to a person. */
export const ToolCallAnswer = z.strictObject({ output: z.string(), isError: z.boolean(), endsEpisode: z.boolean(), replayed: z.boolean() });
export type ToolCallAnswer = z.infer<typeof ToolCallAnswer>;

/**
 * Everything that an overlay changed, by table and key: whole documents, as text in canonical form so that equal states are equal texts.
 */
export const SceneState = z.strictObject({ changed: z.record(z.string(), z.string()), dataHash: z.string().length(64) });
export type SceneState = z.infer<typeof SceneState>;

/**
 * A tool as a planner is told of it. `parameters` is the JSON Schema of its arguments, an object; with `endsEpisode` a call of it ends the
 * conversation: it hands over to a person.
 */
export const ToolDefinition = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  parameters: z.record(z.string(), z.unknown()),
  endsEpisode: z.boolean(),
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** Tool execution: the fourth service. Implementations: in process, and over HTTP (`POST /v1/tools/list`, `/call`, `/state`). */
export interface ToolService {
  /** The tools of a domain, ordered by name. A domain that is not there rejects with `invalid_input`. */
  list(request: { domain: string }): Promise<ToolDefinition[]>;
  /** Executes a call exactly once per idempotency key. A tool's own refusal is an answer with `isError`, never a rejection. */
  call(request: ToolCallRequest): Promise<ToolCallAnswer>;
  /** The state of a scene; `dataHash` is that of the whole world with the overlay applied. */
  state(scene: Scene): Promise<SceneState>;
}

/**
 * What a confidence is: the share of a message's cues that speak for the intent, a calibrated probability, or what a language model says of
 * itself, which nobody has calibrated.
 */
export const ConfidenceBasis = z.enum(["cues", "calibrated", "stated"]);
export type ConfidenceBasis = z.infer<typeof ConfidenceBasis>;

/**
 * What the customer wants, as far as it was understood. `confidence` is in [0, 1], on the `basis` that is named. With `abstained`,
 * `intent` is a best guess that nobody should act on. `alsoWants` names further intents of a message that asks for several things;
 * `intentModel` is the version of the trained model that understood it. (Journals from before there was abstention do not have it.)
 */
export const Understanding = z.strictObject({
  intent: z.string(),
  confidence: z.number().min(0).max(1),
  abstained: z.boolean().default(false),
  slots: z.record(z.string(), z.string()),
  basis: ConfidenceBasis.optional(),
  alsoWants: z.array(z.string()).optional(),
  intentModel: z.string().optional(),
});
export type Understanding = z.infer<typeof Understanding>;

/** An understanding with what the model took that was asked for it, where one was. */
export const Understood = Understanding.extend({ modelUse: ModelUse.optional() });
export type Understood = z.infer<typeof Understood>;

/** Language understanding: the first service (`POST /v1/language/understand`). A model that is asked is given up once `halt` is aborted. */
export interface LanguageService {
  understand(request: { domain: string; message: string }, halt?: AbortSignal): Promise<Understood>;
}

/** Who takes a task that asked for rules and was not clear enough for them, and why. */
export const Route = z.strictObject({ planner: z.enum(["llm", "person"]), reason: z.string() });
export type Route = z.infer<typeof Route>;

/**
 * What the agent remembers of a session, its latest turns, oldest first, and what its project's documents
 * say that may matter. `outage` is what memory had to do without, or was waited for: a sentence.
 */
export const Memories = z.strictObject({
  turns: z.array(z.strictObject({ role: z.string(), content: z.string() })),
  passages: z.array(Passage).optional(),
  outage: z.string().optional(),
});
export type Memories = z.infer<typeof Memories>;

/** Whether a turn is remembered, and in an `outage` what memory had to do without or was waited for. */
export const Remembered = z.strictObject({ isRemembered: z.boolean(), outage: z.string().optional() });
export type Remembered = z.infer<typeof Remembered>;

/** Memory and context: the second service (`POST /v1/memory/recall`, `/remember`, `/search`). Turns expire. */
export interface MemoryService {
  recall(request: { project: string; session: string }): Promise<Memories>;
  remember(request: { project: string; session: string; turnId: string; role: string; content: string }): Promise<Remembered>;
  /** What a project's documents say about a question, best first. */
  search(request: KnowledgeQuery): Promise<Findings>;
}

/**
 * An answer of a model that could not be used: what it said (the beginning), and what is wrong with it. The model is told and asked again.
 */
const Rejected = z.strictObject({ kind: z.literal("rejected"), answer: z.string(), problem: z.string() });

/** What happened so far in a task, as a planner sees it. */
export const Turn = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("user"), content: z.string() }),
  z.strictObject({ kind: z.literal("reply"), content: z.string() }),
  z.strictObject({ kind: z.literal("tool"), callId: z.string(), call: ToolRequest, said: z.string().nullable(), output: z.string() }),
  Rejected,
]);
export type Turn = z.infer<typeof Turn>;

/**
 * A planner's next move. `rejected` came to nothing and is on record as such;
 * `user` hands the word to the (recorded) customer; `stop` ends the task.
 */
export const Move = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tool"), callId: z.string(), call: ToolRequest, said: z.string().nullable(), reason: z.string() }),
  z.strictObject({ kind: z.literal("reply"), content: z.string(), reason: z.string() }),
  Rejected,
  z.strictObject({ kind: z.literal("user"), content: z.string() }),
  z.strictObject({ kind: z.literal("stop"), ended: z.boolean(), reason: z.string() }),
]);
export type Move = z.infer<typeof Move>;

/** What a task's planner used so far. `costUsd` counts the calls whose price is known. */
export const Spent = z.strictObject({
  steps: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Spent = z.infer<typeof Spent>;

/**
 * All that a planner may look at. `tools` are those of the task's `domain` (none for a planner that does not choose among them); `message`
 * opened the conversation, `turns` is what followed it. `draft` is the step that the move will stand in: who follows the task reads there
 * what a model writes, while it does. `promptText` is told to a model instead of a prompt that the code has: a replay tries it.
 */
export const PlanningRequest = z.strictObject({
  planner: PlannerChoice,
  domain: z.string().min(1),
  tools: z.array(ToolDefinition),
  message: z.string(),
  understanding: Understanding,
  memories: Memories,
  turns: z.array(Turn),
  spent: Spent,
  draft: z.strictObject({ taskId: z.uuid(), step: z.number().int().positive() }).optional(),
  promptText: z.string().min(1).optional(),
});
export type PlanningRequest = z.infer<typeof PlanningRequest>;

/** A planner's move, and what the model took that made it; null for our own rules, which are no model. */
export const PlanningAnswer = z.strictObject({ move: Move, modelUse: ModelUse.nullable() });
export type PlanningAnswer = z.infer<typeof PlanningAnswer>;

/**
 * Planning and reasoning: the third service (`POST /v1/planning/next`). Rules and recordings always give
 * the same move for the same request; a model does when it is played from cassettes. A request that
 * cannot be planned for is rejected; so is one whose limits are reached (`limit_reached`), or whose model
 * keeps answering nonsense (`bad_answer`). A model that is asked is given up once `halt` is aborted.
 */
export interface PlanningService {
  next(request: PlanningRequest, halt?: AbortSignal): Promise<PlanningAnswer>;
}
