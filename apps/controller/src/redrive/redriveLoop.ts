import { advanceRedrive, applyRedriveRules, listRunningRedrives, type PrismaClient, settleRedrives } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { nextMove } from "./nextMove.ts";
import { replayDecision } from "./replayDecision.ts";

/** What the loop works with. `clock` answers milliseconds since 1970; `redriven` counts letters. */
export type RedriveParts = { prisma: PrismaClient; clock: () => number; log: Logger; redriven: Counter };

/** How soon a running redrive is looked at again, and how soon new ones and what rules are about are looked for, in milliseconds. */
const RUNNING_PAUSE_MS = 50;
const IDLE_PAUSE_MS = 500;

/** Tasks end, and letters come that a rule is about: these are looked for so often, in milliseconds. */
const SETTLE_EVERY_MS = 250;
const RULES_EVERY_MS = 2_000;

/** One round over all redrives. Each move is one transaction: a kill at any moment leaves what the next round goes on with. */
export function redriveRound({ prisma, clock, redriven }: Omit<RedriveParts, "log">): () => Promise<"busy" | "idle"> {
  let settledAtMs = Number.NEGATIVE_INFINITY;
  let rulesAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock();
    const now = new Date(nowMs);
    if (nowMs - rulesAtMs >= RULES_EVERY_MS) {
      await applyRedriveRules(prisma, now);
      rulesAtMs = nowMs;
    }
    if (nowMs - settledAtMs >= SETTLE_EVERY_MS) {
      await settleRedrives(prisma, now);
      settledAtMs = nowMs;
    }
    const running = await listRunningRedrives(prisma);
    for (const id of running) {
      const move = await advanceRedrive(prisma, id, now, { nextMove, replay: (task) => replayDecision(task, now) });
      if (move.kind === "redrive") redriven.inc(move.letters);
    }
    return running.length > 0 ? "busy" : "idle";
  };
}

/** Works off redrives, and applies the rules by which they are made. */
export function openRedriveLoop(parts: RedriveParts): Loop {
  const round = redriveRound(parts);
  return openLoop("redrives", IDLE_PAUSE_MS, parts.log, async () =>
    (await round()) === "busy" ? { pauseMs: RUNNING_PAUSE_MS } : { pauseMs: IDLE_PAUSE_MS },
  );
}
