import type { PrismaClient } from "@signalbox/db/prisma";
import { pino } from "pino";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { aRequest } from "../testing/stage.ts";
import { newTaskOf, openAdmission } from "./admission.ts";

test("when too many bytes wait to be stored, the next request is refused and told when to retry", async () => {
  const stuck = { $queryRaw: () => new Promise(() => undefined) } as unknown as PrismaClient;
  const admit = openAdmission({ prisma: stuck, queue: {} as TaskQueue, log: pino({ level: "silent" }) });
  const megabytes = (size: number) => admit(newTaskOf(systemClock, aRequest()), size * 1024 * 1024);
  void megabytes(60);
  await expect(megabytes(5)).rejects.toMatchObject({ code: "overloaded", retryAfterMs: expect.any(Number) });
});
