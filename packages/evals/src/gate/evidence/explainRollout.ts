import {
  AppError,
  evidenceHash,
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
import { otherReckoning } from "./otherReckoning.ts";
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
 * A rollout computed anew. `entries` are those of its log, `fault` is the first thing that does not follow from its blocks, looks,
 * policy and what people did (null: all does), and `latest` the last verdict that follows from them (null: it was never looked at).
 * `reckonedBy` is the version that reckoned the first look that differs, where that is another than this one: then nobody can say here
 * what follows from it, and `fault` is what is wrong with the record besides (null: its seals hold, as far as they go).
 */
export interface ExplainedRollout {
  readonly fault: string | null;
  readonly reckonedBy: number | null;
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
  const other = otherBehind(evidence, entries, replayed);
  const fault =
    other !== null
      ? (recordFault(evidence) ?? sealFault(evidence))
      : "fault" in replayed
        ? replayed.fault
        : faultOf(evidence, entries, replayed);
  return {
    fault,
    reckonedBy: fault === null ? other : null,
    entries,
    latest: log.findLast(({ verdict }) => verdict !== null)?.verdict ?? null,
  };
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

/**
 * The version of the reckoning of the first look that says something else now, where that is another than this one; null where it
 * is this one, or nothing differs. A log that cannot have come about may be any look's that another version reckoned.
 */
function otherBehind(
  { entries, looks, lastVerdict }: RolloutEvidence,
  explained: readonly ExplainedEntry[],
  replayed: ReturnType<typeof tryReplay>,
): number | null {
  const versionOf = (taken = 0): number | null => {
    const last = looks[taken - 1];
    return last === undefined ? null : otherReckoning(last);
  };
  if ("fault" in replayed) return looks.map(otherReckoning).find((version) => version !== null) ?? null;
  const { log } = replayed;
  const at = explained.findIndex(({ differsAt }) => differsAt !== null);
  if (at >= 0) return versionOf(entries[at]?.looks) ?? versionOf(log[at]?.looks);
  if (log.length > entries.length) return versionOf(log[entries.length]?.looks);
  const isSaid = lastVerdict === undefined || plainDifference(replayed.lastVerdict, lastVerdict) === null;
  return isSaid ? null : versionOf(looks.length);
}

/** The fault of a record that shows before anything is reckoned: another policy, or a missing part; null where there is none. */
function recordFault({ rollout, frozenPolicy, looks, blocks }: RolloutEvidence): string | null {
  if (policyHash(frozenPolicy ?? rollout.policy) !== rollout.policyHash)
    return "The policy is not the one that was frozen: its hash is another.";
  if (frozenPolicy !== undefined && plainDifference(KeptGatePolicy.safeParse(frozenPolicy).data, rollout.policy) !== null)
    return "The policy that it is judged by does not say what the one says that was frozen.";
  if ([...looks, ...blocks].some(({ rollout: id }) => id !== rollout.id)) return "A look or a block is another rollout's.";
  if (!isGapless(looks)) return "A look is missing.";
  if (!isGapless(blocks)) return "A block is missing.";
  const seen = looks.at(-1)?.blocks ?? 0;
  return seen === blocks.length ? null : `The last look saw ${seen} blocks, and there are ${blocks.length}.`;
}

/** The sentence that an entry does not follow. */
const notFollowing = ({ number, kind, at }: Pick<ExplainedEntry, "number" | "kind" | "at">, what: string): string =>
  `Entry ${number} (${kind}, ${at}) is not what follows from the blocks: ${what}.`;

const CHANGED_SINCE = "a look or a block was changed since it was written";

/** The fault of a record's seals, whoever reckoned it: the log's chain, and the hashes over looks and blocks, if it has any. */
function sealFault({ entries, looks, blocks, evidenceHash: kept }: RolloutEvidence): string | null {
  const chain = verifyEntries(entries);
  if (chain.kind === "broken") return `Entry ${chain.number} breaks the log: ${chain.reason}.`;
  let hash = entries[0]?.evidenceHash;
  if (hash === undefined) return null;
  const hashes = [hash];
  for (const [index, look] of looks.entries()) {
    hash = evidenceHash(hash, look, blocks.slice(looks[index - 1]?.blocks ?? 0, look.blocks));
    hashes.push(hash);
  }
  const changed = entries.find((entry) => entry.evidenceHash !== hashes[entry.looks]);
  if (changed !== undefined) return notFollowing(changed, CHANGED_SINCE);
  if (kept === undefined) return "What the looks and blocks behind the log's last entry hash to is missing: the log has hashes.";
  if (kept !== hash)
    return "The looks and blocks behind the log's last entry are not those that were stored: one of them was changed since.";
  return null;
}

/** The first thing that is wrong with a rollout's record, all of which this version reckoned; null where nothing is. */
function faultOf(evidence: RolloutEvidence, explained: readonly ExplainedEntry[], replayed: ReturnType<typeof replay>): string | null {
  const { rollout, lastVerdict, entries } = evidence;
  const fault = recordFault(evidence);
  if (fault !== null) return fault;
  const differing = explained.find(({ differsAt }) => differsAt !== null);
  if (differing?.differsAt === "evidenceHash") return notFollowing(differing, CHANGED_SINCE);
  if (differing !== undefined) return notFollowing(differing, `${differing.differsAt === "" ? "all of it" : differing.differsAt} differs`);
  const unsealed = sealFault(evidence);
  if (unsealed !== null) return unsealed;
  if (replayed.log.length > entries.length) return `The log ends before entry ${entries.length}, which follows from the blocks.`;
  if (lastVerdict !== undefined && plainDifference(replayed.lastVerdict, lastVerdict) !== null)
    return "What the last look is said to have said is not what follows from the blocks.";
  const differsAt = plainDifference(asFarAsKept(replayed.rollout, rollout), rollout);
  return differsAt === null ? null : `The rollout is not as its log leaves it: ${differsAt === "" ? "all of it" : differsAt} differs.`;
}
