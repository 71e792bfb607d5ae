import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, rememberTurns } from "@signalbox/db/prisma";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { METRICS, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;
let collector: Server;

/** Up to when the collector says that everything is readable, in seconds since 1970; null where it is away. */
let readableUntil: () => number | null | Promise<number>;
const allWritten = (): number => Date.now() / 1_000 + 1;

beforeAll(async () => {
  stores = await startTestStores();
  collector = createServer(async (_request, response) => {
    const until = await readableUntil();
    if (until === null) response.writeHead(503).end();
    else response.end(`# TYPE ${METRICS.readableUntilSeconds} gauge\n${METRICS.readableUntilSeconds} ${until}\n`);
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  context = createContext({ ...stores, otlpUrl: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, parts: [] });
});
beforeEach(() => {
  readableUntil = allWritten;
});
afterAll(async () => {
  collector.close();
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

test("what the journal of the collector still holds goes too, by a trace that only it knows of, and a collector that restarts is waited for", async () => {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const subject = { kind: "user", value: "ann" } as const;
  let asked = 0;
  // It has acknowledged a span; it comes back at the third question, and has written it at the fifth.
  readableUntil = () => {
    asked += 1;
    if (asked < 5) return asked < 3 ? null : 1;
    return storeSpans(clickhouse, [aSpan({ trace: "late", user: "ann" })]).then(allWritten);
  };
  expect(await createCaller(context).erasures.erase({ subject })).toContainEqual({ table: "spans", rows: 1 });
  expect(await createCaller(context).erasures.preview({ subject })).toEqual([]);
  await clickhouse.close();
});

test("where the collector does not answer, nothing is erased, and what to do is said", async () => {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeSpans(clickhouse, [aSpan({ trace: "stays" })]);
  await clickhouse.close();
  readableUntil = () => null;
  // Half a minute goes by at each look.
  let now = Date.now();
  const { erasures } = createCaller({ ...context, now: () => (now += 30_000) });
  const subject = { kind: "trace", value: traceIdOf("stays") } as const;
  const before = await erasures.list({});
  await expect(erasures.erase({ subject })).rejects.toMatchObject({
    message: expect.stringContaining("Nothing is erased: The collector does not answer"),
    cause: { hint: expect.stringContaining("SIGNALBOX_OTLP_URL") },
  });
  expect(await erasures.preview({ subject })).toContainEqual({ table: "spans", rows: 1 });
  expect(await erasures.list({})).toEqual(before);
});
