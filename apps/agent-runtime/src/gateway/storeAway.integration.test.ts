import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createPrisma, listTaskRecords } from "@signalbox/db/prisma";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import { aGateway, aRequest, openStage, type Stage } from "../testing/stage.ts";
import { postTask, until } from "../testing/testRuntime.ts";
import { openGateway } from "./gateway.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A way to the PostgreSQL of `databaseUrl` that can be cut. */
async function aCuttableWay(databaseUrl: string) {
  const there = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(there.port), there.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const here = new URL(databaseUrl);
  here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    databaseUrl: here.href,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test("while PostgreSQL is away every request is told to come back, and what was sent again is there once when it is back", async () => {
  await using way = await aCuttableWay(stage.stores.databaseUrl);
  await using prisma = createPrisma(way.databaseUrl);
  const queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, pino({ level: "silent" }));
  const gateway = await openGateway(aGateway({ ...stage, prisma }, queue, { databaseUrl: way.databaseUrl }));
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
