import type { Memories } from "@signalbox/model";

/**
 * What was said in a session. The same `turnId` of a session is one turn; that
 * of a task's begins with the task's id and a colon, and goes with the task.
 */
export type NewTurn = { project: string; session: string; turnId: string; role: string; content: string };

/**
 * A session's latest turns, in the order in which they were first remembered; a turn expires
 * some time after that. Throws `upstream_unavailable` where its store does not answer.
 */
export interface ShortTermMemory {
  recall(session: { project: string; session: string }): Promise<Memories["turns"]>;
  /** Remembers a turn; one that is remembered already keeps its place and its expiry. */
  remember(turn: NewTurn): Promise<void>;
  close(): Promise<void>;
}

/** How much is remembered of a session, and for how long. */
export type MemoryLimits = { turnsMax: number; turnTtlMs: number };

/** A session's latest twenty turns, for a day. */
export const MEMORY_LIMITS: MemoryLimits = { turnsMax: 20, turnTtlMs: 24 * 60 * 60 * 1_000 };
