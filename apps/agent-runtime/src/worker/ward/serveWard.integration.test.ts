import { openJournalStore } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { anAdmittedTask, openStage, type Stage } from "../../testing/stage.ts";
import { forkRuntime, runtimeEnv, until } from "../../testing/testRuntime.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("the product's worker has its ward run a task that died with another worker", async () => {
  const { prisma } = stage;
  const taskId = await anAdmittedTask(prisma);
  await openJournalStore(prisma).claimTask({ taskId, worker: newId(), version: "0.1.0", nowUs: systemClock.nowUs() });
  const env = runtimeEnv(stage.stores, { SIGNALBOX_RUNTIME_PARTS: "worker", SIGNALBOX_WORKER_TASKS: "8", SIGNALBOX_TELEMETRY: "off" });
  await using worker = await forkRuntime(env);
  await until("the worker", () => prisma.agentVersionRow.count());
  await until("its ward's claim", async () => (await prisma.attempt.count({ where: { taskId } })) > 1);
  await until("the task's end", async () => (await prisma.task.findUnique({ where: { id: taskId } }))?.finishedUs != null);

  const attempts = await prisma.attempt.findMany({ where: { taskId }, orderBy: { attempt: "asc" } });
  expect(attempts.map(({ outcome, isAlone }) => [outcome, isAlone])).toEqual([
    ["lost", false],
    [expect.not.stringMatching("lost|released"), true],
  ]);
  expect(attempts.at(-1)?.worker).not.toContain(`:${worker.process.pid}:`);
});
