import { listRolloutsUnderWay, readRollout } from "@signalbox/db/prisma";
import { LOOK_EVERY_MAX_MS, lookPace } from "@signalbox/evals";
import { type Loop, openLoop } from "@signalbox/listener";
import { canaryOf } from "@signalbox/model";
import type { Logger } from "pino";
import { failedLook } from "./failedLook.ts";
import { type LookParts, lookAtRollout } from "./lookAtRollout.ts";
import type { RolloutMetrics } from "./rolloutMetrics.ts";

/** What the loop works with. `clock` answers milliseconds since 1970 and only says when the next look is due: what is decided on is by the store's clock. */
export type RolloutParts = LookParts & { clock: () => number; log: Logger; metrics: RolloutMetrics; pauseMs: number };

/** A rollout that cannot be looked at is tried again after so long, in milliseconds, then after twice as long each time, and once a minute at least: its step's time passes all the same. */
const FAILED_PAUSE_MS = 1_000;

const failedPauseMs = (failures: number): number => Math.min(LOOK_EVERY_MAX_MS, FAILED_PAUSE_MS * 2 ** Math.min(failures - 1, 10));

/** One round over all rollouts that are under way. What fails of one is on record, is tried again later and later, and holds up no other. */
export function rolloutRound(parts: RolloutParts): () => Promise<void> {
  const { prisma, clock, log, metrics } = parts;
  const dueAtMs = new Map<string, number>();
  const failures = new Map<string, number>();
  return async () => {
    const underWay = await listRolloutsUnderWay(prisma);
    for (const id of [...dueAtMs.keys()].filter((one) => !underWay.some(({ id: other }) => other === one))) {
      dueAtMs.delete(id);
      failures.delete(id);
      try {
        metrics.end(await readRollout(prisma, id));
      } catch (error) {
        // Its project was deleted, and it with that.
        log.info({ rollout: id, err: error }, "how a rollout ended could not be read");
      }
    }
    for (const named of underWay) {
      const { id } = named;
      if (clock() < (dueAtMs.get(id) ?? 0)) continue;
      try {
        const looked = await lookAtRollout(parts, id);
        if (looked === null) continue;
        failures.delete(id);
        const { rollout, verdict, isOvertaken } = looked;
        if (!isOvertaken) metrics.tell(looked);
        log.debug(
          { rollout: id, phase: rollout.phase, step: rollout.step, verdict: verdict.kind, grounds: verdict.grounds },
          "looked at a rollout",
        );
        dueAtMs.set(id, clock() + (isOvertaken ? 0 : lookPace(canaryOf(rollout)).everyMs));
      } catch (error) {
        const failed = (failures.get(id) ?? 0) + 1;
        failures.set(id, failed);
        dueAtMs.set(id, clock() + failedPauseMs(failed));
        metrics.fail(named, failed);
        log.warn({ rollout: id, failed, err: error }, "a rollout could not be looked at; until the next look only its step's time is kept");
        await failedLook(parts, id, error).catch((cause: unknown) =>
          log.warn({ rollout: id, err: cause }, "that could not be put on record"),
        );
      }
    }
  };
}

/** Looks at rollouts that are under way, and does what their gates say. */
export function openRolloutLoop(parts: RolloutParts): Loop {
  const round = rolloutRound(parts);
  return openLoop("rollouts", parts.pauseMs, parts.log, async () => {
    await round();
    return "idle";
  });
}
