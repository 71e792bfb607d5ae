import { listRolloutsUnderWay, readRollout } from "@signalbox/db/prisma";
import { lookPace } from "@signalbox/evals";
import { type Loop, openLoop } from "@signalbox/listener";
import { canaryOf } from "@signalbox/model";
import type { Logger } from "pino";
import { type LookParts, lookAtRollout } from "./lookAtRollout.ts";
import type { RolloutMetrics } from "./rolloutMetrics.ts";

/** What the loop works with. `clock` answers milliseconds since 1970 and only says when the next look is due: what is decided on is by the store's clock. */
export type RolloutParts = LookParts & { clock: () => number; log: Logger; metrics: RolloutMetrics; pauseMs: number };

/** One round over all rollouts that are under way. What fails of one is tried again in the next round and holds up no other. */
export function rolloutRound(parts: RolloutParts): () => Promise<void> {
  const { prisma, clock, log, metrics } = parts;
  const dueAtMs = new Map<string, number>();
  return async () => {
    const underWay = await listRolloutsUnderWay(prisma);
    for (const id of [...dueAtMs.keys()].filter((one) => !underWay.includes(one))) {
      dueAtMs.delete(id);
      try {
        metrics.end(await readRollout(prisma, id));
      } catch (error) {
        // Its project was deleted, and it with that.
        log.info({ rollout: id, err: error }, "how a rollout ended could not be read");
      }
    }
    for (const id of underWay) {
      if (clock() < (dueAtMs.get(id) ?? 0)) continue;
      try {
        const looked = await lookAtRollout(parts, id);
        if (looked === null) continue;
        const { rollout, verdict, isOvertaken } = looked;
        if (!isOvertaken) metrics.tell(looked);
        log.debug(
          { rollout: id, phase: rollout.phase, step: rollout.step, verdict: verdict.kind, grounds: verdict.grounds },
          "looked at a rollout",
        );
        dueAtMs.set(id, clock() + (isOvertaken ? 0 : lookPace(canaryOf(rollout)).everyMs));
      } catch (error) {
        log.warn({ rollout: id, err: error }, "a rollout could not be looked at; it stays as it is until the next look");
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
