import {
  AppError,
  KeptGatePolicy,
  type LiveVerdict,
  policyHash,
  type Rollout,
  type RolloutEntry,
  type RolloutEvidence,
  verifyEntries,
} from "@signalbox/model";
import { z } from "zod";
import { replay } from "../rollout/replayRollout.ts";
import { plainDifference } from "./plainDifference.ts";

/** An entry of a rollout's log with its recomputation: `differsAt` is the path at which the stored one differs, null where it does not. */
export interface ExplainedEntry {
  readonly number: number;
  readonly at: string;
  readonly kind: RolloutEntry["kind"];
  readonly verdict: LiveVerdict["kind"] | null;
  readonly reason: string;
  readonly differsAt: string | null;
}

/**
 * A recomputed rollout. `entries` are those of its log, `fault` is the first thing that does not follow from its blocks, looks, policy
 * and people's acts (null: everything does), and `latest` the last verdict that follows from them (null: it was never looked at).
 */
export interface ExplainedRollout {
  readonly fault: string | null;
  readonly entries: readonly ExplainedEntry[];
  readonly latest: LiveVerdict | null;
}

/**
 * Recomputes the verdict and the gate's move at every look of a rollout,
 * and compares the log with them byte for byte. Pure: it reads no store.
 */
export function explainRollout(evidence: RolloutEvidence): ExplainedRollout {
  const replayed = tryReplay(evidence);
  const { log } = "fault" in replayed ? { log: [] } : replayed;
  const entries = evidence.entries.map((stored, index): ExplainedEntry => {
    const { number, at, kind, verdict, reason } = stored;
    const differsAt = log[index] === undefined ? "" : plainDifference(log[index], stored);
    return { number, at, kind, verdict: verdict?.kind ?? null, reason, differsAt };
  });
  const fault = "fault" in replayed ? replayed.fault : faultOf(evidence, entries, replayed);
  return { fault, entries, latest: log.findLast(({ verdict }) => verdict !== null)?.verdict ?? null };
}

/** The log that follows from the evidence; where there is none, as after an impossible act, the reason. */
function tryReplay(evidence: RolloutEvidence): ReturnType<typeof replay> | { fault: string } {
  try {
    return replay(evidence);
  } catch (error) {
    if (!(error instanceof AppError || error instanceof TypeError || error instanceof RangeError || error instanceof z.ZodError))
      throw error;
    return { fault: `The log cannot have come about: ${error.message}` };
  }
}

const isGapless = (rows: readonly { number: number }[]): boolean => rows.every(({ number }, index) => number === index);

/** A recomputed rollout, without the field that an older record lacks: the reason for its pause. */
function asFarAsKept(computed: Rollout | null, { phase, pausedFor }: Rollout): Rollout | null {
  return computed !== null && phase === "paused" && pausedFor === null ? { ...computed, pausedFor } : computed;
}

/** The first fault of a rollout's record; null where there is none. */
function faultOf(
  { rollout, frozenPolicy, evidenceHash, lastVerdict, entries, looks, blocks }: RolloutEvidence,
  explained: readonly ExplainedEntry[],
  replayed: ReturnType<typeof replay>,
): string | null {
  if (policyHash(frozenPolicy ?? rollout.policy) !== rollout.policyHash)
    return "The policy is not the one that was frozen: its hash is another.";
  if (frozenPolicy !== undefined && plainDifference(KeptGatePolicy.safeParse(frozenPolicy).data, rollout.policy) !== null)
    return "The policy that it is judged by does not say what the one says that was frozen.";
  if ([...looks, ...blocks].some(({ rollout: id }) => id !== rollout.id)) return "A look or a block is another rollout's.";
  if (!isGapless(looks)) return "A look is missing.";
  if (!isGapless(blocks)) return "A block is missing.";
  const seen = looks.at(-1)?.blocks ?? 0;
  if (seen !== blocks.length) return `The last look saw ${seen} blocks, and there are ${blocks.length}.`;
  const differing = explained.find(({ differsAt }) => differsAt !== null);
  if (differing !== undefined) {
    if (differing.differsAt === "evidenceHash")
      return `Entry ${differing.number} (${differing.kind}, ${differing.at}) is not what follows from the blocks: a look or a block was changed since it was written.`;
    const where = differing.differsAt === "" ? "all of it" : differing.differsAt;
    return `Entry ${differing.number} (${differing.kind}, ${differing.at}) is not what follows from the blocks: ${where} differs.`;
  }
  const chain = verifyEntries(entries);
  if (chain.kind === "broken") return `Entry ${chain.number} breaks the log: ${chain.reason}.`;
  if (replayed.log.length > entries.length) return `The log ends before entry ${entries.length}, which follows from the blocks.`;
  if (replayed.evidenceHash !== undefined && evidenceHash === undefined)
    return "What the looks and blocks behind the log's last entry hash to is missing: the log has hashes.";
  if (evidenceHash !== undefined && replayed.evidenceHash !== evidenceHash)
    return "The looks and blocks behind the log's last entry are not those that were stored: one of them was changed since.";
  if (lastVerdict !== undefined && plainDifference(replayed.lastVerdict, lastVerdict) !== null)
    return "What the last look is said to have said is not what follows from the blocks.";
  const differsAt = plainDifference(asFarAsKept(replayed.rollout, rollout), rollout);
  return differsAt === null ? null : `The rollout is not as its log leaves it: ${differsAt === "" ? "all of it" : differsAt} differs.`;
}
