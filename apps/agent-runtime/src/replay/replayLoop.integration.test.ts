import { setTimeout as delay } from "node:timers/promises";
import { cancelReplays, claimReplay, type PrismaClient, readReplay, registerAgentVersion, startReplay } from "@signalbox/db/prisma";
import { ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAiEndpoint } from "../chat/openAiEndpoint.ts";
import { systemClock } from "../clock.ts";
import { openLlmPlanner } from "../services/planning/llm/llmPlanner.ts";
import { openPlanningService } from "../services/planning/planningService.ts";
import { openModelStub, type StubAnswer } from "../testing/modelStub.ts";
import { anAdmittedTask, aRunner, OWN, openStage, type Stage } from "../testing/stage.ts";
import { until } from "../testing/testRuntime.ts";
import { runTask } from "../worker/runTask.ts";
import { openReplayLoop } from "./replayLoop.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** A requested replay of a task that has ended. */
async function aReplay(prisma: PrismaClient, plan: Partial<ReplayPlan> = {}): Promise<string> {
  const taskId = await anAdmittedTask(prisma, { message: "How many lemons fit into the overhead bin?" });
  await runTask(aRunner(prisma), taskId);
  return (await startReplay(prisma, "default", taskId, { actor: "ada", reason: null, now: new Date(), plan: ReplayPlan.parse(plan) })).id;
}

async function ended(id: string) {
  await using _loop = { [Symbol.asyncDispose]: openReplayLoop(aRunner(stage.prisma)).close };
  return await until("the replay's end", async () => {
    const replay = await readReplay(stage.prisma, "default", id);
    return replay.endedAt === null ? null : replay;
  });
}

test("a worker runs a requested replay and keeps both sides", async () => {
  const replay = await ended(await aReplay(stage.prisma));
  expect(replay).toMatchObject({ status: "done", outcome: "identical", outcomeChanged: false, divergence: null, error: null, costUsd: 0 });
  expect(replay.report?.replayed.steps).toEqual(replay.report?.recorded.steps);
});

test("a replay whose worker was killed is run by another", async () => {
  const id = await aReplay(stage.prisma);
  expect(await claimReplay(stage.prisma, { build: "any", isAlone: false })).toMatchObject({ id, attempt: 1 });
  await stage.prisma.$executeRaw`UPDATE replay SET claimed_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
  expect(await ended(id)).toMatchObject({ status: "done", outcome: "identical" });
});

test("a live replay is run by a worker of the version that served its task", async () => {
  await registerAgentVersion(stage.prisma, OWN, { now: new Date(), isServed: true });
  const replay = await ended(await aReplay(stage.prisma, { mode: "live" }));
  expect(replay).toMatchObject({ status: "done", outcome: "identical", report: { mode: "live", from: 1 } });
});

test("a replay whose worker died runs alone, once the next worker's tasks are done", async () => {
  const id = await aReplay(stage.prisma);
  await claimReplay(stage.prisma, { build: "any", isAlone: false });
  await stage.prisma.$executeRaw`UPDATE replay SET claimed_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
  const runner = aRunner(stage.prisma);
  const task = Promise.withResolvers<void>();
  const working = runner.quarantine.gate(false, () => task.promise);
  const loop = openReplayLoop(runner);
  await until("a suspect at the gate", async () => {
    const next = await Promise.race([runner.quarantine.gate(false, async () => "let in"), delay(50, "held back")]);
    return next === "held back" ? next : null;
  });
  expect(await readReplay(stage.prisma, "default", id)).toMatchObject({ status: "running", endedAt: null });
  task.resolve();
  await working;
  await until("the replay's end", async () => (await readReplay(stage.prisma, "default", id)).endedAt);
  await loop.close();
});

test("a replay that runs when its worker closes is put back, and no death is counted", async () => {
  const id = await aReplay(stage.prisma);
  const held = Promise.withResolvers<never>();
  held.promise.catch(() => undefined);
  const prisma = stage.prisma.$extends({ query: { step: { findMany: () => held.promise } } }) as unknown as PrismaClient;
  const loop = openReplayLoop({ ...aRunner(stage.prisma), prisma });
  await until("a worker has it", async () => {
    const { status } = await readReplay(stage.prisma, "default", id);
    return status === "running" ? status : null;
  });
  await loop.close();
  held.reject(new Error("gone"));
  const row = await stage.prisma.replayRow.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ status: "pending", attempts: 1, deaths: 0 });
  expect(await ended(id)).toMatchObject({ status: "done" });
});

test("a replay that cannot be run says why", async () => {
  const id = await aReplay(stage.prisma);
  await stage.prisma.$executeRaw`UPDATE replay SET plan = ${JSON.stringify({ against: "9.9.9" })}::json WHERE id = ${id}::uuid`;
  expect(await ended(id)).toMatchObject({
    status: "failed",
    report: null,
    error: { code: "not_found", message: expect.stringContaining("9.9.9"), hint: expect.stringContaining("--against") },
  });
});

test("live replays that are cancelled release their model and their places at once, and keep their model usage on record", async () => {
  await registerAgentVersion(stage.prisma, OWN, { now: new Date(), isServed: true });
  const calls: StubAnswer = { kind: "says", calls: [{ name: "think", arguments: '{"thought":"a while"}' }] };
  let isHanging = false;
  await using stub = await openModelStub(({ body }) => {
    if (body.messages.at(-1)?.role !== "tool") return calls;
    return isHanging ? { kind: "hangs" } : { kind: "says", content: "Goodbye." };
  });
  const settings = { url: stub.url, key: "k", provider: "stub", timeoutMs: 600_000, retriesMax: 0 };
  const limits = { steps: 20, tokens: 200_000, costUsd: 1 };
  const planner = openLlmPlanner(
    openAiEndpoint(settings, new AbortController().signal),
    { model: "gpt-4o-mini", temperature: undefined, limits },
    systemClock,
  );
  const { services } = aRunner(stage.prisma);
  const runner = aRunner(stage.prisma, { services: { ...services, planning: openPlanningService(planner) } });
  const taskId = await anAdmittedTask(stage.prisma, { message: "Think.", planner: { kind: "llm" } });
  await runTask(runner, taskId);

  isHanging = true;
  const order = { actor: "ada", reason: null, now: new Date(), plan: ReplayPlan.parse({ mode: "live" }) };
  const ids: string[] = [];
  for (let each = 0; each < 4; each += 1) ids.push((await startReplay(stage.prisma, "default", taskId, order)).id);
  await using _loop = { [Symbol.asyncDispose]: openReplayLoop(runner).close };
  await until("every place waits for a model", async () =>
    stub.asked.filter(({ body }) => body.messages.length > 3).length >= 5 ? true : null,
  );
  const next = await aReplay(stage.prisma);
  for (const id of ids) await cancelReplays(stage.prisma, { project: "default", id, actor: "bo", reason: "too slow", now: new Date() });
  await until("the next one's end", async () => (await readReplay(stage.prisma, "default", next)).endedAt);
  await until("every model is given up", async () => (stub.givenUp() === 4 ? true : null));
  for (const id of ids) expect(await readReplay(stage.prisma, "default", id)).toMatchObject({ status: "cancelled", tokens: 120 });
});
