import { listDecisions, listTaskRecords } from "@signalbox/db/prisma";
import { newId, verifyChain } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { demoTask, demoTaskInTurn, openDemo } from "./demo/demoTasks.ts";
import { DEMO_SEED } from "./demo/runDemo.ts";
import { BANKING } from "./domains/banking/banking.ts";
import { DOMAINS } from "./domains/domains.ts";
import { startRuntime } from "./runtime.ts";
import { aCuttableWay } from "./testing/cuttableWay.ts";
import { aKeptModel } from "./testing/keptModel.ts";
import { anAdmittedTask, DATA, DEMO, openStage } from "./testing/stage.ts";
import { finished, forkRuntime, openTestRuntime, postTask, runtimeEnv, until } from "./testing/testRuntime.ts";
import type { Ward } from "./worker/ward/ward.ts";

let stage: Awaited<ReturnType<typeof openStage>>;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("tasks end in exactly one place, each with a whole chain of decisions", async () => {
  await using runtime = await openTestRuntime(stage.stores);
  const tasks = Array.from({ length: 40 }, (_, index) => demoTask(DEMO, 103, index));
  for (const task of tasks) expect((await postTask(runtime.config.gatewayUrl, task)).status).toBe(201);
  for (const task of tasks) {
    const ended = await finished(runtime.config.gatewayUrl, String(task.id));
    expect(ended.status, task.message).toBe(task.expectation === undefined ? "dead" : "done");
    expect(verifyChain(await listDecisions(stage.prisma, ended.id))).toEqual({ kind: "whole" });
  }
});

test("a bank's tasks are served like an airline's", async () => {
  const demo = openDemo(BANKING);
  await demo.source.load(stage.prisma);
  await using runtime = await openTestRuntime(stage.stores);
  const tasks = Array.from({ length: 20 }, (_, index) => demoTask(demo, 106, index));
  for (const task of tasks) expect((await postTask(runtime.config.gatewayUrl, task)).status).toBe(201);
  for (const task of tasks) {
    const ended = await finished(runtime.config.gatewayUrl, String(task.id));
    expect(ended.status, task.message).toBe(task.expectation === undefined ? "dead" : "done");
    for (const output of task.expectation?.outputs ?? [])
      expect(ended.result?.answers.join("\n").replaceAll(",", ""), task.message).toContain(output);
  }
});

test("with two copies of every service behind HTTP, one of which is killed, the same tasks have the same outcome", async () => {
  const near = loadConfig({ DATABASE_URL: stage.stores.databaseUrl, SIGNALBOX_PORT_OFFSET: String(stage.stores.portOffset) }).ports.worker;
  const copy = (index: number) =>
    runtimeEnv(stage.stores, {
      SIGNALBOX_RUNTIME_PARTS: "language,memory,planning,tools",
      SIGNALBOX_WORKER_PORT: String(near + index),
    });
  await using _one = await openTestRuntime(stage.stores, copy(1));
  await using other = await forkRuntime(copy(2));
  const urls = [1, 2].map((index) => `http://127.0.0.1:${near + index}`);
  await until("the other copy", async () => (await fetch(`${urls[1]}/readyz`).catch(() => null))?.ok);
  const tasks = Array.from({ length: 25 }, (_, index) => demoTask(DEMO, 104, index));
  const resultsOf = async (env: Record<string, string>, halfway: () => Promise<void>) => {
    await using runtime = await openTestRuntime(stage.stores, env);
    const ids = tasks.map(() => newId());
    for (const [index, id] of ids.entries()) {
      await postTask(runtime.config.gatewayUrl, { ...tasks[index], id, session: `s-${id}` });
      if (index === 12) await halfway();
    }
    for (const id of ids) await finished(runtime.config.gatewayUrl, id);
    const records = new Map((await listTaskRecords(stage.prisma, ids)).map((record) => [record.id, record]));
    return ids.map((id) => {
      const { status, result, error } = records.get(id) ?? {};
      return { status, result, error };
    });
  };
  const remote = Object.fromEntries(["LANGUAGE", "MEMORY", "PLANNING", "TOOLS"].map((name) => [`SIGNALBOX_${name}_URL`, urls.join(",")]));
  expect(await resultsOf(remote, other.kill)).toEqual(await resultsOf({}, async () => {}));
});

test("with a trained model its guess is recorded, and a message that it is unsure of becomes a dead letter", async () => {
  using kept = await aKeptModel();
  const env = { SIGNALBOX_INTENT_MODEL: `airline=${kept.version}`, SIGNALBOX_DATA_DIR: kept.dataDir };
  await using runtime = await openTestRuntime(stage.stores, env);
  const ids = [newId(), newId()] as const;
  const { user_id, reservation_id } = Object.values(DATA.reservations)[0] ?? {};
  const messages = [`What do you know of reservation ${reservation_id}? User ${user_id}.`, "Wann öffnet die Lounge?"];
  for (const [index, id] of ids.entries())
    await postTask(runtime.config.gatewayUrl, {
      ...demoTask(DEMO, 105, index),
      id,
      message: messages[index] ?? "",
      expectation: undefined,
    });
  expect((await finished(runtime.config.gatewayUrl, ids[0])).status).toBe("done");
  expect((await finished(runtime.config.gatewayUrl, ids[1])).status).toBe("dead");
  const [sure, unsure] = await Promise.all(
    ids.map(async (id) => (await listDecisions(stage.prisma, id)).find(({ kind }) => kind === "understood")),
  );
  expect(sure).toMatchObject({ chosen: "check_reservation", detail: { abstained: false } });
  expect(unsure).toMatchObject({ detail: { abstained: true }, reason: expect.stringContaining("not clear") });
});

test("a worker takes no task, and is not ready, before its ward has started; the gateway beside it takes them in", async () => {
  const started = Promise.withResolvers<void>();
  const ward: Ward = { started: started.promise, run: async () => "away", leave: () => {}, close: async () => {} };
  const config = loadConfig(runtimeEnv(stage.stores, { SIGNALBOX_RUNTIME_PARTS: "gateway,worker", SIGNALBOX_TELEMETRY: "off" }));
  const id = newId();
  const starting = startRuntime(config, pino({ level: "silent" }), () => ward);
  const readiness = () =>
    fetch(`http://127.0.0.1:${config.ports.worker}/readyz`).then(
      ({ status }) => status,
      () => null,
    );
  const posted = () => postTask(config.gatewayUrl, { ...demoTask(DEMO, 107, 0), id }).catch(() => null);
  expect(await until("the gateway", posted)).toMatchObject({ status: 201 });
  expect(await readiness()).toBe(503);
  expect(await stage.prisma.attempt.count({ where: { taskId: id } })).toBe(0);

  started.resolve();
  const runtime = await starting;
  await until("the task's attempt", () => stage.prisma.attempt.count({ where: { taskId: id } }));
  expect(await readiness()).toBe(200);
  await runtime.close();
});

test("a missing model is one clear sentence", async () => {
  using kept = await aKeptModel();
  const env = { SIGNALBOX_INTENT_MODEL: "airline-0123456789abcdef", SIGNALBOX_DATA_DIR: kept.dataDir };
  await expect(openTestRuntime(stage.stores, env)).rejects.toThrow(expect.objectContaining({ code: "not_found" }));
});

test("the demo runs by itself, a restart doubles nothing, and an id that another task has is skipped", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => String(demoTaskInTurn(DOMAINS.map(openDemo), DEMO_SEED, index).id));
  await anAdmittedTask(stage.prisma, { id: ids[3], message: "What a demo of another version asked." });
  const env = { SIGNALBOX_DEMO_TASKS: "10", SIGNALBOX_DEMO_PAUSE_MS: "60000" };
  for (const posted of [11, 12]) {
    await using _runtime = await openTestRuntime(stage.stores, env);
    await until(`${posted} tasks`, async () => {
      const tasks = await listTaskRecords(stage.prisma, ids);
      return tasks.length === posted && tasks.every(({ status }) => status === "done" || status === "dead");
    });
  }
});

test("a process that starts while PostgreSQL is away works when that is back", async () => {
  await using way = await aCuttableWay(stage.stores.databaseUrl);
  way.cut();
  const env = { DATABASE_URL: way.url, SIGNALBOX_RUNTIME_PARTS: "gateway", SIGNALBOX_DEMO_TASKS: "0" };
  const starting = openTestRuntime(stage.stores, env);
  starting.catch(() => undefined);
  await until("a try", async () => way.refused() > 0);
  way.mend();
  await using runtime = await starting;
  expect((await fetch(`${runtime.config.gatewayUrl}/readyz`)).status).toBe(200);
});

test("a PostgreSQL that does not answer is one clear sentence", async () => {
  const config = loadConfig({ DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:9/none" });
  const env = { DATABASE_URL: config.databaseUrl };
  await expect(openTestRuntime(stage.stores, env)).rejects.toThrow(expect.objectContaining({ code: "infrastructure" }));
});
