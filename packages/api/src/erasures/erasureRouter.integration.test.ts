import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, rememberTurns } from "@signalbox/db/prisma";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { METRICS, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;

beforeAll(async () => {
  stores = await startTestStores();
  context = createContext({ ...stores, otlpUrl: "", parts: [] });
});
afterAll(async () => {
  await context[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();
});

test("a trace is erased after a preview, on record, and what is no trace, user or session is refused", async () => {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeSpans(clickhouse, [aSpan({ trace: "gone" }), aSpan({ trace: "kept" })]);
  await clickhouse.close();
  const { erasures, traces } = createCaller(context);
  const subject = { kind: "trace", value: traceIdOf("gone") } as const;
  const preview = await erasures.preview({ subject });
  expect(preview).toContainEqual({ table: "spans", rows: 1 });
  expect(await erasures.erase({ subject })).toEqual(preview);
  expect(await erasures.list({})).toMatchObject([{ kind: "trace", doneAt: expect.any(String) }]);
  await expect(traces.get({ traceId: traceIdOf("gone") })).rejects.toThrow();
  await expect(erasures.erase({ subject: { kind: "project" } })).rejects.toThrow("project delete");
  await expect(erasures.erase({ project: "nowhere", subject })).rejects.toThrow("There is no project nowhere.");
});

test("what the agent remembers of a session goes with it", async () => {
  const prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  await rememberTurns(prisma, [{ project: "default", session: "s", turnId: "t", role: "user", content: "hello", expiresAt: new Date() }]);
  await prisma.$disconnect();
  const { erasures } = createCaller(context);
  const subject = { kind: "session", value: "s" } as const;
  expect(await erasures.preview({ subject })).toEqual([{ table: "memory_turn", rows: 1 }]);
  expect(await erasures.erase({ subject })).toEqual([{ table: "memory_turn", rows: 1 }]);
  expect(await erasures.erase({ subject })).toEqual([]);
});

test("what the journal of the collector still holds goes too, by a trace that only it knows of", async () => {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  let asked = 0;
  // It has acknowledged a span, and writes it after it was asked for the second time.
  const collector = createServer(async (_request, response) => {
    asked += 1;
    if (asked === 3) await storeSpans(clickhouse, [aSpan({ trace: "late", user: "ann" })]);
    const untilSeconds = asked < 3 ? 1 : Date.now() / 1_000 + 1;
    response.end(`# TYPE ${METRICS.readableUntilSeconds} gauge\n${METRICS.readableUntilSeconds} ${untilSeconds}\n`);
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const otlpUrl = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const subject = { kind: "user", value: "ann" } as const;
  expect(await createCaller({ ...context, otlpUrl }).erasures.erase({ subject })).toContainEqual({ table: "spans", rows: 1 });
  expect(await createCaller(context).erasures.preview({ subject })).toEqual([]);
  await clickhouse.close();
  collector.close();
});
