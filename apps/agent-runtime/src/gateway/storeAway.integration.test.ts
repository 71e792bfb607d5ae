import { createPrisma, listTaskRecords } from "@signalbox/db/prisma";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import { aCuttableWay } from "../testing/cuttableWay.ts";
import { aGateway, aRequest, openStage, type Stage } from "../testing/stage.ts";
import { postTask, until } from "../testing/testRuntime.ts";
import { openGateway } from "./gateway.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("while PostgreSQL is away every request is told to retry, and a retried task exists once when it is back", async () => {
  await using way = await aCuttableWay(stage.stores.databaseUrl);
  await using prisma = createPrisma(way.url);
  const queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, pino({ level: "silent" }));
  const gateway = await openGateway(aGateway({ ...stage, prisma }, queue, { databaseUrl: way.url }));
  await using _closing = {
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await queue.close();
    },
  };
  const requests = Array.from({ length: 60 }, () => aRequest());
  const sendAll = () => Promise.all(requests.map((request) => postTask(gateway.url, request)));
  expect((await postTask(gateway.url, aRequest())).status).toBe(201);

  const first = sendAll();
  way.cut();
  const statuses = new Set((await first).map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
  for (const { status, retryAfter, body } of await sendAll()) {
    expect([status, retryAfter]).toEqual([503, "2"]);
    expect(body).toMatchObject({ error: { code: "upstream_unavailable", hint: expect.any(String) } });
  }

  way.mend();
  await until("the store", async () => (await sendAll()).every(({ status }) => status === 200 || status === 201));
  const ids = requests.map(({ id }) => String(id));
  expect(await listTaskRecords(stage.prisma, ids)).toHaveLength(60);
});
