import type { Memories } from "@signalbox/model";

/**
 * A turn of a session's conversation. The same `turnId` in a session is the same turn. A task's turn ids begin with the task's id and a
 * colon, and are erased with the task.
 */
export type NewTurn = { project: string; session: string; turnId: string; role: string; content: string };

/**
 * A session's latest turns, in the order in which they were first remembered; a turn expires some time after that. Throws
 * `upstream_unavailable` if its store does not answer.
 */
export interface ShortTermMemory {
  recall(session: { project: string; session: string }): Promise<Memories["turns"]>;
  /** Remembers a turn; one that is there already keeps its place and its expiry. */
  remember(turn: NewTurn): Promise<void>;
  close(): Promise<void>;
}

/** How many turns of a session are remembered, and for how many milliseconds. */
export type MemoryLimits = { turnsMax: number; turnTtlMs: number };

/** The limits in use: a session's latest twenty turns, for a day. */
export const MEMORY_LIMITS: MemoryLimits = { turnsMax: 20, turnTtlMs: 24 * 60 * 60 * 1_000 };
