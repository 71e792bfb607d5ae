import {
  canaryOf,
  changeRollout,
  evidenceHash,
  isUnderWay,
  type LiveVerdict,
  type Rollout,
  type RolloutChange,
  type RolloutEntry,
  type RolloutEvidence,
  RolloutVerb,
  sealEntry,
  stepElapsedMs,
  weightOf,
} from "@signalbox/model";
import { advance, startGate } from "../live/gateState.ts";
import { look } from "../live/look.ts";
import { nextMove } from "./nextMove.ts";

/** The act of a person behind each kind of entry. */
const VERBS = { paused: "pause", resumed: "resume", approved: "approve", promoted: "promote", aborted: "abort", retried: "retry" } as const;

/**
 * Recomputes a rollout's log from its first entry, its stored looks and blocks, and people's acts: unless somebody
 * changed something, the gate's entries come out byte-identical. `rollout` gives the policy and versions. Pure.
 */
export function replayRollout(rollout: Rollout, evidence: Omit<RolloutEvidence, "rollout">): RolloutEntry[] {
  return replay({ rollout, ...evidence }).log;
}

/**
 * The recomputed log, with the rollout's final state (null without a log), the hash over its looks
 * and blocks (absent where the log has none), and the last look's verdict (absent without looks).
 */
export function replay({ rollout, entries, looks, blocks }: RolloutEvidence): {
  log: RolloutEntry[];
  rollout: Rollout | null;
  evidenceHash?: string | undefined;
  lastVerdict?: LiveVerdict | undefined;
} {
  const [first] = entries;
  if (first === undefined) return { log: [], rollout: null };
  let now: Rollout = {
    ...rollout,
    ...{ phase: "running", step: 0, stepStartedAt: first.at, endedAt: null },
    ...{ pausedBy: null, pausedFor: null, pausedAt: null, approvedStep: null },
    reason: first.reason,
  };
  const policy = canaryOf(rollout);
  let state = startGate(policy);
  const log: RolloutEntry[] = [first];
  let before: LiveVerdict | null = null;
  let lastVerdict: LiveVerdict | undefined;
  // A log that began before its evidence was hashed goes on without.
  let hash = first.evidenceHash;
  const write = (change: RolloutChange, taken: number): void => {
    const changed = changeRollout(now, change);
    now = changed.rollout;
    const { id, step } = now;
    const facts = { rollout: id, at: change.at, ...changed.entry, step, weight: weightOf(now), looks: taken };
    log.push(sealEntry(log.at(-1) ?? null, hash === undefined ? facts : { ...facts, evidenceHash: hash }));
  };
  const acts = entries.slice(1).filter(({ verdict }) => verdict === null);
  const actAfter = (taken: number): void => {
    for (const { kind, actor, reason, at } of acts.filter(({ looks: by }) => by === taken))
      write({ by: "person", act: RolloutVerb.parse(VERBS[kind as keyof typeof VERBS]), actor, reason, at }, taken);
  };
  actAfter(0);
  for (const taken of looks) {
    const { number, at, blocks: known } = taken;
    if (!isUnderWay(now)) break;
    const found = blocks.slice(state.blocks, known);
    for (const { block } of found) state = advance(state, block, policy);
    if (hash !== undefined) hash = evidenceHash(hash, taken, found);
    const verdict = look(state, policy, { step: now.step, stepElapsedMs: stepElapsedMs(now, Date.parse(at)) });
    lastVerdict = verdict;
    const move = nextMove(now, verdict, before);
    if (move !== null) {
      write({ by: "gate", move, verdict, at }, number + 1);
      before = verdict;
    }
    actAfter(number + 1);
  }
  return { log, rollout: now, evidenceHash: hash, lastVerdict };
}
