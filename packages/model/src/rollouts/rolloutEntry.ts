import { z } from "zod";
import { canonicalHash } from "../sha256.ts";
import { CHAIN_START } from "../tasks/decision.ts";
import { LiveVerdict } from "./liveVerdict.ts";

export const RolloutEntryKind = z.enum([
  "started",
  "looked",
  "stepped",
  "paused",
  "resumed",
  "approved",
  "promoted",
  "rolledBack",
  "aborted",
  "retried",
]);
export type RolloutEntryKind = z.infer<typeof RolloutEntryKind>;

/**
 * One decision about a rollout, recorded atomically with its effect. `number` is gapless from 0; `at` (ISO 8601,
 * UTC) is the time of the decision, `looks` the number of looks taken by then, and `evidenceHash` the hash of
 * those and their blocks (absent in older logs); `step` and `weight` (percent) are the state after it. `hash` is
 * SHA-256 (hex) of the RFC 8785 text of everything else, `prevHash` the hash before it (64 zeros for the first).
 */
export const RolloutEntry = z.strictObject({
  rollout: z.uuid(),
  number: z.int().nonnegative(),
  at: z.iso.datetime(),
  kind: RolloutEntryKind,
  actor: z.string(),
  reason: z.string(),
  step: z.int().nonnegative(),
  weight: z.number().min(0).max(100),
  looks: z.int().nonnegative(),
  verdict: LiveVerdict.nullable(),
  evidenceHash: z.string().length(64).optional(),
  prevHash: z.string().length(64),
  hash: z.string().length(64),
});
export type RolloutEntry = z.infer<typeof RolloutEntry>;

/** The content of an entry before it has its place in the log. */
export type RolloutFacts = Omit<RolloutEntry, "number" | "prevHash" | "hash">;

const entryHash = (entry: Omit<RolloutEntry, "hash">): string => canonicalHash(entry);

/** Seals `facts` as the next entry of a log that ends with `last` (null: it is empty). */
export function sealEntry(last: Pick<RolloutEntry, "number" | "hash"> | null, facts: RolloutFacts): RolloutEntry {
  const entry = { ...facts, number: (last?.number ?? -1) + 1, prevHash: last?.hash ?? CHAIN_START };
  return { ...entry, hash: entryHash(entry) };
}

/** Checks a rollout's log: whole, or the first break. `entries` are all entries of one rollout, by number. */
export function verifyEntries(entries: readonly RolloutEntry[]): { kind: "whole" } | { kind: "broken"; number: number; reason: string } {
  let prevHash = CHAIN_START;
  for (const [index, { hash, ...rest }] of entries.entries()) {
    if (rest.number !== index) return { kind: "broken", number: index, reason: `entry ${index} is missing` };
    if (rest.prevHash !== prevHash) return { kind: "broken", number: index, reason: "it does not continue the entry before it" };
    if (entryHash(rest) !== hash) return { kind: "broken", number: index, reason: "its content does not match its hash" };
    prevHash = hash;
  }
  return { kind: "whole" };
}
