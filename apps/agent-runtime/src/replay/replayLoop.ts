import {
  claimReplay,
  endReplay,
  extendReplay,
  failHopelessReplays,
  putBackReplay,
  type ReplayClaim,
  type ReplayEnd,
} from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, errorBody } from "@signalbox/model";
import { dateOfUs } from "../clock.ts";
import type { WorkerMeans } from "../worker/worker.ts";
import { replayKept } from "./replayKept.ts";

/** How often a worker looks for replays, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** How often a worker renews its claim on a replay, and checks whether it was cancelled, in milliseconds. */
const EXTEND_EVERY_MS = 1_000;

/** How often a worker looks for replays that nobody may take up any more, in milliseconds. */
const HOPELESS_EVERY_MS = 5_000;

/** How many replays a worker runs at a time. */
const IN_FLIGHT_MAX = 4;

/**
 * A replay that was put back because a store or service is away waits `waitMs` milliseconds times the number of attempts so far, and gets
 * at most `attemptsMax` attempts.
 */
const OUTAGE = { waitMs: 10_000, attemptsMax: 10 };

/** Whether a store or a service was away, which is no fault of the task. */
function mayPass(error: unknown): boolean {
  return error instanceof AppError && (error.code === "upstream_unavailable" || error.code === "overloaded");
}

/**
 * Runs the replays that people asked for, a few at a time, beside the worker's tasks and through the same gate: a replay that may kill its
 * process runs alone. The worker renews its claim on each; a replay whose worker died is taken up again from its beginning. One that is
 * cancelled releases its model and its place at once. `close` puts running replays back.
 */
export function openReplayLoop(means: WorkerMeans): Loop {
  const { prisma, clock, log, version, quarantine } = means;
  const closing = Promise.withResolvers<"closing">();
  const inHand = new Set<Promise<unknown>>();
  let isClosing = false;

  const endOf = async (claim: ReplayClaim, halt: AbortSignal): Promise<ReplayEnd | { waitMs: number }> => {
    try {
      return { report: await replayKept(means, claim, halt) };
    } catch (error) {
      if (halt.aborted) return { waitMs: 0 };
      log.warn({ replayId: claim.id, taskId: claim.taskId, err: error }, "a replay failed");
      if (mayPass(error) && claim.attempt < OUTAGE.attemptsMax) return { waitMs: OUTAGE.waitMs * claim.attempt };
      return errorBody(error);
    }
  };

  const perform = async (claim: ReplayClaim): Promise<void> => {
    const halt = new AbortController();
    const cancelled = new Promise<"cancelled">((resolve) => halt.signal.addEventListener("abort", () => resolve("cancelled")));
    const extending = openLoop("a replay in hand", EXTEND_EVERY_MS, log, async () => {
      if (!(await extendReplay(prisma, claim))) halt.abort();
      return "idle";
    });
    try {
      const end = await Promise.race([endOf(claim, halt.signal), closing.promise, cancelled]);
      if (end === "cancelled") return;
      if (end === "closing") await putBackReplay(prisma, claim, 0);
      else if ("waitMs" in end) await putBackReplay(prisma, claim, end.waitMs);
      else await endReplay(prisma, claim, end, dateOfUs(clock.nowUs()));
    } finally {
      halt.abort();
      await extending.close();
    }
  };

  const take = async (isAlone: boolean): Promise<"suspect" | "idle" | "more"> => {
    const claim = isClosing ? null : await claimReplay(prisma, { build: version.build, isAlone });
    if (claim === null || claim === "suspect") return claim ?? "idle";
    await perform(claim);
    return "more";
  };
  const enter = (isAlone: boolean) =>
    quarantine.gate(isAlone, () => {
      const taking = take(isAlone);
      inHand.add(taking);
      return taking.finally(() => inHand.delete(taking));
    });
  const round = async (): Promise<"idle" | "more"> => {
    const first = await enter(false);
    const taken = first === "suspect" ? await enter(true) : first;
    return taken === "suspect" ? "idle" : taken;
  };

  // A loop may wait at the gate for a task that runs alone; closing does not wait for that.
  const lane = () => openLoop("replays", LOOK_EVERY_MS, log, () => Promise.race([round(), closing.promise.then(() => "idle" as const)]));
  const lanes = Array.from({ length: IN_FLIGHT_MAX }, lane);
  const failing = openLoop("replays that nobody may take up", HOPELESS_EVERY_MS, log, async () => {
    await failHopelessReplays(prisma);
    return "idle";
  });
  return {
    close: async () => {
      isClosing = true;
      closing.resolve("closing");
      await Promise.all([...lanes, failing].map((loop) => loop.close()));
      await Promise.allSettled(inHand);
    },
  };
}
