import { z } from "zod";
import { ModelUse } from "../telemetry/modelUse.ts";
import { type Findings, type KnowledgeQuery, Passage } from "./knowledge.ts";
import { PlannerChoice, ToolRequest } from "./task.ts";

/**
 * The data that a task sees: a world (a data set of its domain) under an overlay of its own, so that tasks never see each other's effects.
 */
export const Scene = z.strictObject({ domain: z.string(), world: z.string(), overlay: z.string() });
export type Scene = z.infer<typeof Scene>;

/**
 * A tool call with its idempotency key: the same key in the same overlay returns the recorded output and
 * has no second effect. `agentVersion` is that of the calling agent, and decides which tools are allowed; a
 * call without one comes from no agent (an evaluation's expected action) and stays within our own stores.
 */
export const ToolCallRequest = z.strictObject({
  scene: Scene,
  idempotencyKey: z.string().min(1).max(200),
  call: ToolRequest,
  agentVersion: z.string().min(1).optional(),
});
export type ToolCallRequest = z.infer<typeof ToolCallRequest>;

/** A tool's answer. `output` is the exact text that the agent sees; `endsEpisode` is true for a tool that hands over to a person. */
export const ToolCallAnswer = z.strictObject({ output: z.string(), isError: z.boolean(), endsEpisode: z.boolean(), replayed: z.boolean() });
export type ToolCallAnswer = z.infer<typeof ToolCallAnswer>;

/** All changes in an overlay, by table and key: whole documents in canonical JSON, so that equal states are equal texts. */
export const SceneState = z.strictObject({ changed: z.record(z.string(), z.string()), dataHash: z.string().length(64) });
export type SceneState = z.infer<typeof SceneState>;

/**
 * A tool as described to a planner. `parameters` is the JSON Schema of its arguments, an object;
 * a call of a tool with `endsEpisode` ends the conversation by handing it over to a person.
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
  /** The tools of a domain, ordered by name. Rejects with `invalid_input` for an unknown domain. */
  list(request: { domain: string }): Promise<ToolDefinition[]>;
  /** Executes a call exactly once per idempotency key. A tool's own refusal is an answer with `isError`, never a rejection. */
  call(request: ToolCallRequest): Promise<ToolCallAnswer>;
  /** The state of a scene; `dataHash` is that of the whole world with the overlay applied. */
  state(scene: Scene): Promise<SceneState>;
}

/**
 * The origin of a confidence: the share of a message's cues that speak for the
 * intent, a calibrated probability, or a language model's own uncalibrated statement.
 */
export const ConfidenceBasis = z.enum(["cues", "calibrated", "stated"]);
export type ConfidenceBasis = z.infer<typeof ConfidenceBasis>;

/**
 * The customer's intent as understood. `confidence` is in [0, 1], with the meaning that `basis` gives it. With `abstained`,
 * `intent` is only a best guess that nobody should act on. `alsoWants` lists further intents of a message that asks for several
 * things; `intentModel` is the version of the trained model that was used. (Journals from before abstention lack these fields.)
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

/** An understanding, with the usage of the model that was asked for it, if any. */
export const Understood = Understanding.extend({ modelUse: ModelUse.optional() });
export type Understood = z.infer<typeof Understood>;

/** Language understanding: the first service (`POST /v1/language/understand`). A pending model call is cancelled once `halt` is aborted. */
export interface LanguageService {
  understand(request: { domain: string; message: string }, halt?: AbortSignal): Promise<Understood>;
}

/** Who takes over a task that asked for rules but was not clear enough for them, and why. */
export const Route = z.strictObject({ planner: z.enum(["llm", "person"]), reason: z.string() });
export type Route = z.infer<typeof Route>;

/**
 * An agent's memories of a session: its latest turns, oldest first, and passages from its project's documents
 * that may matter. `outage` is a sentence about what memory had to do without, or why it was waited for.
 */
export const Memories = z.strictObject({
  turns: z.array(z.strictObject({ role: z.string(), content: z.string() })),
  passages: z.array(Passage).optional(),
  outage: z.string().optional(),
});
export type Memories = z.infer<typeof Memories>;

/** Whether a turn was remembered; `outage` says what memory had to do without, or why it was waited for. */
export const Remembered = z.strictObject({ isRemembered: z.boolean(), outage: z.string().optional() });
export type Remembered = z.infer<typeof Remembered>;

/** Memory and context: the second service (`POST /v1/memory/recall`, `/remember`, `/search`). Turns expire. */
export interface MemoryService {
  recall(request: { project: string; session: string }): Promise<Memories>;
  remember(request: { project: string; session: string; turnId: string; role: string; content: string }): Promise<Remembered>;
  /** Passages of a project's documents about a question, best first. */
  search(request: KnowledgeQuery): Promise<Findings>;
}

/** A model's answer that could not be used: its beginning, and what is wrong with it. The model is told so and asked again. */
const Rejected = z.strictObject({ kind: z.literal("rejected"), answer: z.string(), problem: z.string() });

/** One event of a task so far, as a planner sees it. */
export const Turn = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("user"), content: z.string() }),
  z.strictObject({ kind: z.literal("reply"), content: z.string() }),
  z.strictObject({ kind: z.literal("tool"), callId: z.string(), call: ToolRequest, said: z.string().nullable(), output: z.string() }),
  Rejected,
]);
export type Turn = z.infer<typeof Turn>;

/**
 * A planner's next move. `rejected` has no effect and is recorded as such;
 * `user` passes the turn to the (recorded) customer; `stop` ends the task.
 */
export const Move = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tool"), callId: z.string(), call: ToolRequest, said: z.string().nullable(), reason: z.string() }),
  z.strictObject({ kind: z.literal("reply"), content: z.string(), reason: z.string() }),
  Rejected,
  z.strictObject({ kind: z.literal("user"), content: z.string() }),
  z.strictObject({ kind: z.literal("stop"), ended: z.boolean(), reason: z.string() }),
]);
export type Move = z.infer<typeof Move>;

/** The planner's usage in a task so far. `costUsd` counts the calls whose price is known. */
export const Spent = z.strictObject({
  steps: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Spent = z.infer<typeof Spent>;

/**
 * A planner's whole input. `tools` are those of the task's `domain` (none for a planner that does not choose among them);
 * `message` opened the conversation, `turns` followed it. `draft` identifies the step that the move will become: followers
 * of the task read there what a model is writing. `promptText` replaces the code's prompt when a replay tries another one.
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

/** A planner's move, with the usage of the model that made it; null for our own rules, which use no model. */
export const PlanningAnswer = z.strictObject({ move: Move, modelUse: ModelUse.nullable() });
export type PlanningAnswer = z.infer<typeof PlanningAnswer>;

/**
 * Planning and reasoning: the third service (`POST /v1/planning/next`). Rules and recordings always give
 * the same move for the same request; so does a model that is played from cassettes. Rejects a request
 * that cannot be planned for, one whose limits are reached (`limit_reached`), and one whose model keeps
 * giving unusable answers (`bad_answer`). A pending model call is cancelled once `halt` is aborted.
 */
export interface PlanningService {
  next(request: PlanningRequest, halt?: AbortSignal): Promise<PlanningAnswer>;
}
