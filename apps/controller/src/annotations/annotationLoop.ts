import { publishAnnotations } from "@signalbox/db/annotations";
import type { ClickHouseClient } from "@signalbox/db/clickhouse";
import type { PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";

/** Turns people's labels into scores of the labelled traces. */
export function openAnnotationLoop({
  prisma,
  clickhouse,
  log,
  pauseMs,
}: {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  log: Logger;
  pauseMs: number;
}): Loop {
  return openLoop("annotations", pauseMs, log, async () => {
    const { isMore } = await publishAnnotations(prisma, clickhouse);
    return isMore ? "more" : "idle";
  });
}
