import type { PrismaClient } from "@signalbox/db/prisma";
import type { Passage, Scene, SceneState, ToolCallAnswer, ToolCallRequest, ToolDefinition } from "@signalbox/model";
import type { Plan, Slots } from "./plan.ts";
import type { DemoSource } from "./scenario.ts";

/** Words that speak for an intent; `weight` says how strongly. */
export type Cue = { readonly intent: string; readonly words: RegExp; readonly weight: number };

/** On what terms a tool is called: how long it may take, and why it may not be called at all (null: it may). */
export type CallTerms = { readonly timeoutMs: number; readonly refusal: string | null };

/** The tools of a domain at work on PostgreSQL. */
export interface DomainTools {
  /**
   * Executes a call exactly once per idempotency key. What the tool itself or the terms refuse is an
   * answer with `isError`, and so is a tool that is not done in time: it leaves nothing behind then.
   */
  call(request: ToolCallRequest, terms: CallTerms): Promise<ToolCallAnswer>;
  /** The state of a scene; a document that was changed back is no change. */
  state(scene: Scene): Promise<SceneState>;
}

/**
 * What the agent is an agent of: the customers' intents, the details that they name, the plans that serve them, the
 * tools that plans use, and a demo. A domain is a folder; adding one is that folder and a line in `domains.ts`.
 */
export interface Domain {
  /** The name by which tasks ask for it. */
  readonly name: string;
  /** What speaks for which intent, where no trained model is named. */
  readonly cues: readonly Cue[];
  /**
   * The plan for each intent that has one; a message that wants something else is rejected. `passages`
   * are what the project's documents say about the message, best first, as far as they were asked.
   */
  readonly plans: Readonly<Record<string, (slots: Slots, passages: readonly Passage[]) => Plan>>;
  /** The details that a message names, by name; what it does not name is absent. */
  findSlots(message: string): Record<string, string>;
  /** The tools as a planner is told of them, ordered by name. */
  readonly tools: readonly ToolDefinition[];
  openTools(prisma: PrismaClient): DomainTools;
  openDemo(): DemoSource;
}
