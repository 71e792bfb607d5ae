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
import { errorMessage } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { nextMove, oneLetter } from "./nextMove.ts";
import { replayDecision } from "./replayDecision.ts";

/** Dependencies of the loop. `clock` returns milliseconds since 1970; `redriven` counts letters. */
export type RedriveParts = { prisma: PrismaClient; clock: () => number; log: Logger; redriven: Counter };

/** Pause between looks at running redrives, and below, pause while there is none, in milliseconds. */
const RUNNING_PAUSE_MS = 50;
const IDLE_PAUSE_MS = 500;

/** How often the loop looks for ended tasks, and below, for letters that rules apply to, in milliseconds. */
const SETTLE_EVERY_MS = 250;
const RULES_EVERY_MS = 2_000;

/**
 * Pause before a failed redrive is tried again, letter by letter, in milliseconds; below, the number of failures without a moved letter
 * after which it is stopped.
 */
const RETRY_AFTER_MS = 1_000;
const FAILURES_MAX = 5;

/** How often a redrive has failed since it last advanced, and when it is tried again. */
type Failing = { failures: number; retryAtMs: number };

/** Advances one redrive; a failing one is retried, and stopped in the end. */
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

/** How much of an error's message is kept, in characters. */
const MESSAGE_CHARS = 300;

function messageOf(error: unknown): string {
  return errorMessage(error).trim().slice(-MESSAGE_CHARS);
}

/**
 * One round over all redrives. Each move is one transaction, so a kill at any moment leaves a state from which the next round continues. A
 * failing rule or redrive delays no other.
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

/** Works off redrives, and applies the rules that create them. */
export function openRedriveLoop(parts: RedriveParts): Loop {
  const round = redriveRound(parts);
  return openLoop("redrives", IDLE_PAUSE_MS, parts.log, async () =>
    (await round()) === "busy" ? { pauseMs: RUNNING_PAUSE_MS } : { pauseMs: IDLE_PAUSE_MS },
  );
}
