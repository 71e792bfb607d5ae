import type { KeyObject } from "node:crypto";
import { compactChainNews, makeCheckpoint, type PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Gauge } from "prom-client";
import { keepHead, readKeptHead } from "./keptHead.ts";

/**
 * The means of signing: a private key, the public keys of its predecessors, whose checkpoints it may continue, and the file that keeps the
 * last checkpoint outside the store.
 */
export type CheckpointSigner = { key: KeyObject; predecessors: readonly KeyObject[]; headFile: string };

/**
 * Dependencies of the loop. `clock` returns milliseconds since 1970; `newest` shows the number of the last checkpoint, `refused` the number
 * of news items about erasures that never happened.
 */
export type CheckpointParts = {
  prisma: PrismaClient;
  signer: CheckpointSigner | null;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  newest: Gauge;
  refused: Gauge;
};

/** The most news items in one checkpoint; the next one follows at once. */
const NEWS_MAX = 50_000;

/**
 * Signs the news of the decision log, if there is any. A kill at any moment leaves news for the next round. Without a signer, the news is
 * compacted.
 */
export function openCheckpointLoop(parts: CheckpointParts): Loop {
  const { prisma, signer, log, pauseMs } = parts;
  return openLoop("checkpoints", pauseMs, log, async () => {
    try {
      if (signer !== null) return await signNews(parts, signer);
    } catch (error) {
      await compactChainNews(prisma);
      throw error;
    }
    await compactChainNews(prisma);
    return "idle";
  });
}

/** Makes one checkpoint on top of those that this controller knows were signed. */
export async function signNews(
  { prisma, clock, newest, refused }: Pick<CheckpointParts, "prisma" | "clock" | "newest" | "refused">,
  { key, predecessors, headFile }: CheckpointSigner,
): Promise<"more" | "idle"> {
  const kept = await readKeptHead(headFile);
  const round = await makeCheckpoint(prisma, { now: new Date(clock()), newsMax: NEWS_MAX, key, predecessors, kept });
  refused.set(round.refused);
  if (round.checkpoint !== null) {
    await keepHead(headFile, round.checkpoint);
    newest.set(round.checkpoint.number);
  }
  return round.more ? "more" : "idle";
}
