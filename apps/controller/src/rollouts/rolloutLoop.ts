import { listRolloutsUnderWay, type RolloutName, readRollout } from "@signalbox/db/prisma";
import { LOOK_EVERY_MAX_MS, lookPace } from "@signalbox/evals";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, type BackOff, backOffMs, canaryOf } from "@signalbox/model";
import type { Logger } from "pino";
import { failedLook } from "./failedLook.ts";
import { type LookParts, lookAtRollout } from "./lookAtRollout.ts";
import type { RolloutMetrics } from "./rolloutMetrics.ts";

/**
 * Dependencies of the loop. `clock` returns milliseconds since 1970 and only decides when the next look is due: decisions use the store's
 * clock.
 */
export type RolloutParts = LookParts & { clock: () => number; log: Logger; metrics: RolloutMetrics; pauseMs: number };

/** The pauses after failed looks: never longer than between other looks, since the step's time passes all the same. */
const FAILED: BackOff = { firstMs: 1_000, msMax: LOOK_EVERY_MAX_MS };

/**
 * A rollout that was under way when they were last listed: when its next look is due (milliseconds since 1970), and how many looks have
 * failed in a row.
 */
type Tracked = { named: RolloutName; dueAtMs: number; failures: number };

/** One round over all rollouts under way. A failing look is recorded and retried less and less often, and delays no other rollout. */
export function rolloutRound(parts: RolloutParts): () => Promise<void> {
  const { prisma, clock, log, metrics } = parts;
  const tracked = new Map<string, Tracked>();
  const isDue = ({ dueAtMs }: Tracked): boolean => clock() >= dueAtMs;
  const fail = (one: Tracked): void => {
    one.failures += 1;
    one.dueAtMs = clock() + backOffMs(FAILED, one.failures);
    metrics.fail(one.named, one.failures);
  };
  const look = async (one: Tracked): Promise<void> => {
    const { id } = one.named;
    try {
      const looked = await lookAtRollout(parts, id);
      if (looked === null) return;
      one.failures = 0;
      const { rollout, verdict, isOvertaken } = looked;
      if (!isOvertaken) metrics.tell(looked);
      log.debug(
        { rollout: id, phase: rollout.phase, step: rollout.step, verdict: verdict.kind, grounds: verdict.grounds },
        "looked at a rollout",
      );
      one.dueAtMs = clock() + (isOvertaken ? 0 : lookPace(canaryOf(rollout)).everyMs);
    } catch (error) {
      fail(one);
      log.warn(
        { rollout: id, failed: one.failures, err: error },
        "a rollout could not be looked at; until the next look only its step's time is kept",
      );
      await failedLook(parts, id, error).catch((cause: unknown) =>
        log.warn({ rollout: id, err: cause }, "that could not be put on record"),
      );
    }
  };
  const end = async (named: RolloutName): Promise<void> => {
    try {
      metrics.end(await readRollout(prisma, named.id));
    } catch (error) {
      // A store that is away is tried again in the next round.
      if (error instanceof AppError && error.code === "upstream_unavailable") throw error;
      log.info({ rollout: named.id, err: error }, "how a rollout ended could not be read");
      metrics.forget(named);
    }
    tracked.delete(named.id);
  };
  return async () => {
    const underWay = await listRolloutsUnderWay(prisma).catch((error: unknown) => {
      for (const one of [...tracked.values()].filter(isDue)) fail(one);
      throw error;
    });
    for (const { named } of [...tracked.values()]) if (!underWay.some(({ id }) => id === named.id)) await end(named);
    for (const named of underWay) {
      const one = tracked.get(named.id) ?? { named, dueAtMs: 0, failures: 0 };
      tracked.set(named.id, one);
      if (isDue(one)) await look(one);
    }
  };
}

/** Looks at rollouts under way, and carries out the verdicts of their gates. */
export function openRolloutLoop(parts: RolloutParts): Loop {
  const round = rolloutRound(parts);
  return openLoop("rollouts", parts.pauseMs, parts.log, async () => {
    await round();
    return "idle";
  });
}
