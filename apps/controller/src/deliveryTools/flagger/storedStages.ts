import { addDeliveryEvent, bindStage, findStage, isStageTaken, openStage, type PrismaClient, resetStage } from "@signalbox/db/prisma";
import type { StageBook } from "./stageBook.ts";

/** The stage book in the state store, so that a restarted controller continues where the last one was. */
export function storedStages(prisma: PrismaClient): StageBook {
  return {
    find: (revision) => findStage(prisma, revision),
    isTaken: (revision, rollout) => isStageTaken(prisma, revision, rollout),
    bind: (revision, rollout, now) => bindStage(prisma, revision, rollout, now),
    open: (revision, opened) => openStage(prisma, revision, opened),
    reset: (revision) => resetStage(prisma, revision),
    note: (event) => addDeliveryEvent(prisma, event),
  };
}
