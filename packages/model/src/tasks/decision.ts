import { z } from "zod";
import { canonicalHash } from "../sha256.ts";

/**
 * The decisions of an agent runtime, in the order in which a task meets
 * them; `decided` is a decision model's answer in an agent that is not ours.
 */
export const DecisionKind = z.enum([
  "routed",
  "understood",
  "recalled",
  "planned",
  "tool_called",
  "answered",
  "retried",
  "failed",
  "dead_lettered",
  "replayed",
  "promoted",
  "rolled_back",
  "decided",
]);
export type DecisionKind = z.infer<typeof DecisionKind>;

/**
 * One decision of a task, on record before its action happens. `seq` is gapless per task from 0. `time` is ISO
 * 8601 with milliseconds, UTC. `hash` is SHA-256 (hex) of the RFC 8785 text of everything else, `prevHash` the
 * hash of `seq - 1` (64 zeros for the first): altering, dropping or inserting a row breaks the chain.
 */
export const Decision = z.strictObject({
  project: z.string(),
  taskId: z.string(),
  seq: z.number().int().nonnegative(),
  kind: DecisionKind,
  time: z.iso.datetime({ precision: 3 }),
  actor: z.strictObject({ service: z.string(), version: z.string() }),
  attempt: z.number().int().positive(),
  traceId: z.string(),
  spanId: z.string().nullable(),
  chosen: z.string(),
  confidence: z.number().min(0).max(1).nullable(),
  reason: z.string(),
  detail: z.record(z.string(), z.unknown()),
  prevHash: z.string().length(64),
  hash: z.string().length(64),
});
export type Decision = z.infer<typeof Decision>;

/** The `prevHash` of a task's first decision. */
export const CHAIN_START = "0".repeat(64);

/** The hash that seals a decision to the one before it. */
export function decisionHash(decision: Omit<Decision, "hash">): string {
  return canonicalHash(decision);
}

/** The last decision of a task's chain; `seq` is -1 before the first. */
export type ChainHead = { seq: number; hash: string };

/** The content of a decision before it has its place in the chain. */
export type DecisionFacts = Omit<Decision, "seq" | "prevHash" | "hash">;

/** The head of a chain without decisions. */
export const EMPTY_CHAIN: ChainHead = { seq: -1, hash: CHAIN_START };

/** Seals `facts` as the next decision of the chain that ends at `head`. */
export function sealDecision(head: ChainHead, facts: DecisionFacts): Decision {
  const decision = { ...facts, seq: head.seq + 1, prevHash: head.hash };
  return { ...decision, hash: decisionHash(decision) };
}

/** Checks a task's chain: whole, or the first break. `decisions` must be those of one task, ordered by `seq`. */
export function verifyChain(decisions: readonly Decision[]): { kind: "whole" } | { kind: "broken"; seq: number; reason: string } {
  let prevHash = CHAIN_START;
  for (const [index, { hash, ...rest }] of decisions.entries()) {
    if (rest.seq !== index) return { kind: "broken", seq: index, reason: `decision ${index} is missing` };
    if (rest.prevHash !== prevHash) return { kind: "broken", seq: index, reason: "it does not continue the decision before it" };
    if (decisionHash(rest) !== hash) return { kind: "broken", seq: index, reason: "its content does not match its hash" };
    prevHash = hash;
  }
  return { kind: "whole" };
}
