import { type PrismaClient, readRolloutRecord } from "@signalbox/db/prisma";
import { latestVerdict } from "@signalbox/evals";
import type { Drift, LiveVerdict, Rollout, RolloutLook } from "@signalbox/model";
import { rolloutDrift } from "./rolloutDrift.ts";

/** A rollout as people look at it: `verdict` is that of its last look (null before the first), `drift` what its candidate has of the traffic beside what it should have (null once it is over), `entries` how long its log is; `policyFault` says that its policy is not the one that was frozen, and the gate looks no more. */
export type RolloutView = {
  rollout: Rollout;
  verdict: LiveVerdict | null;
  lastLook: RolloutLook | null;
  drift: Drift | null;
  entries: number;
  policyFault: string | null;
};

/** Reads a rollout as people look at it. Throws `not_found`. */
export async function readRolloutView(prisma: PrismaClient, id: string): Promise<RolloutView> {
  const { rollout, policyFault, lastLook, lastVerdict, blocks, last } = await readRolloutRecord(prisma, id);
  const isOver = rollout.endedAt !== null;
  const stored = blocks.map(({ block }) => block);
  const verdict = isOver || lastLook === null ? lastVerdict : latestVerdict(rollout, stored, Date.parse(lastLook.at));
  return { rollout, verdict, lastLook, drift: isOver ? null : await rolloutDrift(prisma, rollout), entries: last.number + 1, policyFault };
}
