import type { PrismaClient } from "@signalbox/db/prisma";
import type { Passage, Scene, SceneState, ToolCallAnswer, ToolCallRequest, ToolDefinition } from "@signalbox/model";
import type { Plan, Slots } from "./plan.ts";
import type { DemoSource } from "./scenario.ts";

/** A pattern that is a cue for an intent; `weight` says how strong. */
export type Cue = { readonly intent: string; readonly words: RegExp; readonly weight: number };

/** The terms of a call: its time limit in milliseconds, and a refusal if it may not be made at all (null: it may). */
export type CallTerms = { readonly timeoutMs: number; readonly refusal: string | null };

/** A domain's tools, working on PostgreSQL. */
export interface DomainTools {
  /**
   * Executes a call exactly once per idempotency key. A refusal by the tool or by the terms is an answer with `isError`, and so is a call
   * that exceeds its time limit; the latter leaves nothing behind.
   */
  call(request: ToolCallRequest, terms: CallTerms): Promise<ToolCallAnswer>;
  /** The state of a scene; a document that was changed back counts as unchanged. */
  state(scene: Scene): Promise<SceneState>;
}

/**
 * A field of work of the agent: the customers' intents, the slots in their messages, the plans that serve them, the tools that plans use,
 * and a demo. A domain is a folder; adding one takes that folder and a line in `domains.ts`.
 */
export interface Domain {
  /** The name by which tasks ask for it. */
  readonly name: string;
  /** The cues for each intent, used where no trained model is named. */
  readonly cues: readonly Cue[];
  /**
   * The plan for each intent that has one; a message with another intent is rejected. `passages` are those of the project's documents about
   * the message, best first, if they were searched.
   */
  readonly plans: Readonly<Record<string, (slots: Slots, passages: readonly Passage[]) => Plan>>;
  /** The slots found in a message, by name; missing ones are absent. */
  findSlots(message: string): Record<string, string>;
  /** The tools as they are described to a planner, sorted by name. */
  readonly tools: readonly ToolDefinition[];
  openTools(prisma: PrismaClient): DomainTools;
  openDemo(): DemoSource;
}
