import type { ClickHouseClient } from "@signalbox/db/clickhouse";
import { foldExperiment, listDueExperiments, moveWorkspace, postponeLook } from "@signalbox/db/langsmith";
import type { PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** Dependencies of the loop. `clock` returns milliseconds since 1970; `folded` counts written tries. */
export type ExperimentParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  folded: Counter;
};

/** How many experiments are looked at in a round. */
const EXPERIMENTS_MAX = 20;

/**
 * Builds eval runs from the experiments of LangSmith's clients, whose runs and feedback the collector has stored. Each look covers all of
 * an experiment, so a kill at any moment leaves work that the next one finds. Data that earlier collectors stored for these clients is
 * migrated first.
 */
export function openExperimentLoop({ prisma, clickhouse, clock, log, pauseMs, folded }: ExperimentParts): Loop {
  let isMoved = false;

  return openLoop("experiments", pauseMs, log, async () => {
    if (!isMoved) {
      const objects = await moveWorkspace(prisma, clickhouse, new Date(clock()));
      if (objects > 0) log.info({ objects }, "datasets and sessions of LangSmith's clients were moved to the state store");
      isMoved = true;
    }
    const due = await listDueExperiments(prisma, new Date(clock()), EXPERIMENTS_MAX);
    for (const experiment of due) {
      const now = new Date(clock());
      const found = await foldExperiment({ prisma, clickhouse }, experiment, now).catch((error: unknown) => {
        log.warn(
          { err: error, experiment: experiment.id, project: experiment.project },
          "an experiment cannot be looked at; it is tried again",
        );
        return null;
      });
      folded.inc(found?.written ?? 0);
      await postponeLook(prisma, experiment, { now, activeAt: found?.activeAt ?? null });
    }
    return due.length === EXPERIMENTS_MAX ? "more" : "idle";
  });
}
