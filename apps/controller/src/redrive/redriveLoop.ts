import {
  advanceRedrive,
  applyRedriveRule,
  listRulesInForce,
  listRunningRedrives,
  type PrismaClient,
  type RedriveMove,
  type RedriveView,
  settleRedrives,
  stopRedrive,
} from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { nextMove, oneLetter } from "./nextMove.ts";
import { replayDecision } from "./replayDecision.ts";

/** What the loop works with. `clock` answers milliseconds since 1970; `redriven` counts letters. */
export type RedriveParts = { prisma: PrismaClient; clock: () => number; log: Logger; redriven: Counter };

/** How soon a running redrive is looked at again, and how soon new ones and what rules are about are looked for, in milliseconds. */
const RUNNING_PAUSE_MS = 50;
const IDLE_PAUSE_MS = 500;

/** Tasks end, and letters come that a rule is about: these are looked for so often, in milliseconds. */
const SETTLE_EVERY_MS = 250;
const RULES_EVERY_MS = 2_000;

/**
 * A redrive that could not be moved on is tried again so much later (milliseconds),
 * letter by letter, and is stopped when it failed so often without a letter in between.
 */
const RETRY_AFTER_MS = 1_000;
const FAILURES_MAX = 5;

/** How often a redrive failed to move since it last did, and when it is tried again. */
type Failing = { failures: number; retryAtMs: number };

/** Moves one redrive on; one that fails is tried again, and stopped at last. */
function openMover({ prisma, log, redriven }: Omit<RedriveParts, "clock">): (id: string, nowMs: number) => Promise<void> {
  const failing = new Map<string, Failing>();
  return async (id, nowMs) => {
    const now = new Date(nowMs);
    const failed = failing.get(id);
    if (failed !== undefined && nowMs < failed.retryAtMs) return;
    const judge = (view: RedriveView): RedriveMove => (failed === undefined ? nextMove(view, nowMs) : oneLetter(nextMove(view, nowMs)));
    try {
      const move = await advanceRedrive(prisma, id, now, { nextMove: judge, replay: (task) => replayDecision(task, now) });
      if (move.kind === "redrive") redriven.inc(move.letters);
      if (move.kind !== "wait") failing.delete(id);
    } catch (error) {
      const failures = (failed?.failures ?? 0) + 1;
      log.warn({ redrive: id, failures, err: error }, "a redrive could not be moved on");
      failing.set(id, { failures, retryAtMs: nowMs + RETRY_AFTER_MS });
      if (failures < FAILURES_MAX) return;
      await stopRedrive(prisma, id, `Its next letter could not be put back in line: ${messageOf(error)}`, now);
      failing.delete(id);
    }
  };
}

/** So much of an error's message is kept. */
const MESSAGE_CHARS = 300;

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().slice(-MESSAGE_CHARS);
}

/**
 * One round over all redrives. Each move is one transaction: a kill at any moment leaves
 * what the next round goes on with. What fails of one rule or redrive holds up no other.
 */
export function redriveRound({ prisma, clock, log, redriven }: RedriveParts): () => Promise<"busy" | "idle"> {
  let settledAtMs = Number.NEGATIVE_INFINITY;
  let rulesAtMs = Number.NEGATIVE_INFINITY;
  const moveOn = openMover({ prisma, log, redriven });
  return async () => {
    const nowMs = clock();
    const now = new Date(nowMs);
    if (nowMs - rulesAtMs >= RULES_EVERY_MS) {
      for (const rule of await listRulesInForce(prisma))
        await applyRedriveRule(prisma, rule, now).catch((error: unknown) => {
          log.warn({ rule, err: error }, "a redrive rule could not be applied");
        });
      rulesAtMs = nowMs;
    }
    if (nowMs - settledAtMs >= SETTLE_EVERY_MS) {
      await settleRedrives(prisma, now);
      settledAtMs = nowMs;
    }
    const running = await listRunningRedrives(prisma);
    for (const id of running) await moveOn(id, nowMs);
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
