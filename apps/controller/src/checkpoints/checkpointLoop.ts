import type { KeyObject } from "node:crypto";
import { makeCheckpoint, type PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { signCheckpoint } from "@signalbox/model";
import type { Logger } from "pino";
import type { Gauge } from "prom-client";

/** What the loop works with. `clock` answers milliseconds since 1970; `newest` shows the number of the last checkpoint. */
export type CheckpointParts = { prisma: PrismaClient; key: KeyObject; clock: () => number; log: Logger; pauseMs: number; newest: Gauge };

/** One checkpoint covers so many pieces of news; what is more comes in the next, at once. */
const NEWS_MAX = 50_000;

/** Signs what is new in the decision log, where anything is. A kill at any moment leaves news that the next round finds. */
export function openCheckpointLoop({ prisma, key, clock, log, pauseMs, newest }: CheckpointParts): Loop {
  return openLoop("checkpoints", pauseMs, log, async () => {
    const now = new Date(clock());
    const { checkpoint, more } = await makeCheckpoint(prisma, { now, newsMax: NEWS_MAX, sign: (facts) => signCheckpoint(facts, key) });
    if (checkpoint !== null) newest.set(checkpoint.number);
    return more ? "more" : "idle";
  });
}
