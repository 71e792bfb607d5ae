import type { ToolCallRequest } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/testStores.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { callOutside, type OutsideCall } from "./outsideCall.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const REQUEST: ToolCallRequest = {
  scene: { domain: "banking", world: "demo", overlay: "o1" },
  idempotencyKey: "1",
  call: { name: "weather.order", arguments: {} },
  agentVersion: "1",
};

/** The same database through a client whose first transaction gets no connection in time. */
function starvedOnce(): PrismaClient {
  let isStarved = true;
  return new Proxy(prisma, {
    get(target, name) {
      if (name !== "$transaction" || !isStarved) return Reflect.get(target, name);
      isStarved = false;
      return () => Promise.reject(new Error("Unable to start a transaction in the given time."));
    },
  });
}

test("a call that was begun and never sent, for there was no connection, is made when it is tried again", async () => {
  let sent = 0;
  const order: OutsideCall = {
    isRepeatable: false,
    msMax: 1_000,
    async send() {
      sent += 1;
      return { kind: "answered", answer: { output: "ordered", isError: false, endsEpisode: false } };
    },
  };
  const starved = starvedOnce();
  await expect(callOutside(starved, REQUEST, order)).rejects.toThrow("Unable to start a transaction");
  expect(sent).toBe(0);
  expect(await callOutside(starved, REQUEST, order)).toMatchObject({ output: "ordered", isError: false, replayed: false });
  expect(await callOutside(starved, REQUEST, order)).toMatchObject({ output: "ordered", replayed: true });
  expect(sent).toBe(1);
});
