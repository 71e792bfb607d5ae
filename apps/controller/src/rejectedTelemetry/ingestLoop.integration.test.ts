import { type ClickHouseClient, createClickHouse, createRejectedStore } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import {
  createPrisma,
  createRedrive,
  discardLetters,
  listDeadLetterGroups,
  listLetters,
  openPassingKeys,
  type PrismaClient,
  pauseQueue,
  readDeadLetter,
  readRedrive,
  resumeQueue,
} from "@signalbox/db/prisma";
import { storeRejected } from "@signalbox/db/testing";
import { collectorBacklog, type DeadLetterFilter, portsAt, type RejectedRecord } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redriveRound } from "../redrive/redriveLoop.ts";
import { startApp, until } from "../testing/stage.ts";
import { openCollectorClient } from "./again/collectorClient.ts";
import { type IngestParts, ingestRound } from "./ingestLoop.ts";

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;
let collector: AsyncDisposable;
let otlpUrl: string;

const log = pino({ level: "silent" });
const aCounter = () => new Counter({ name: "letters", help: "letters", registers: [new Registry()] });

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
  otlpUrl = `http://127.0.0.1:${portsAt(stores.portOffset).otlpHttp}`;
  collector = startApp("collector", {
    ...{ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl, SIGNALBOX_DATA_DIR: stores.dataDir },
    ...{ SIGNALBOX_PORT_OFFSET: String(stores.portOffset), SIGNALBOX_LOG_LEVEL: "error", SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "20" },
  });
  await until("the collector", async () => (await fetch(`${otlpUrl}/readyz`).catch(() => null))?.ok);
});
afterAll(async () => {
  await collector?.[Symbol.asyncDispose]();
  await prisma?.$disconnect();
  await clickhouse?.close();
  await stores?.[Symbol.asyncDispose]();
});

const project = "default";
const nowMs = Date.now();

/** A rejected span in the collector's stored form. */
const keptSpan = (spanId: string): string =>
  JSON.stringify({
    origin: { resource: { "service.name": "shop" }, scope: "test" },
    ...{ traceId: "5b8aa5a2d2c872e8321cf37308d69df2", spanId, parentSpanId: "", name: `call ${spanId}` },
    ...{ startTimeUnixNano: `${nowMs}000000`, endTimeUnixNano: `${nowMs + 1}000000`, attributes: { tries: 2, ratio: 0.5, tags: ["a"] } },
    ...{ events: [], links: [], statusCode: 0, statusMessage: "" },
  });

/** Stores rejected records as a collector would have at `atMs`, all in one minute. */
async function reject(records: readonly Partial<RejectedRecord>[], atMs: number): Promise<void> {
  const rows = records.map((given, at) => ({
    receivedAtUs: (atMs + at) * 1_000,
    rejected: { project, source: "otlp_traces_http", reason: "the table spans refuses it: it is full", record: "{}", ...given },
  }));
  await storeRejected(clickhouse, rows);
}

/** A loop that sends to the collector, and learns from it what is in the store; it makes letters in each round. */
function aLoop({ send = openCollectorClient(otlpUrl), clock = Date.now }: Partial<Pick<IngestParts, "send" | "clock">> = {}) {
  return ingestRound({
    ...{
      prisma,
      rejected: createRejectedStore(clickhouse),
      send,
      keys: openPassingKeys(prisma, { use: "redrive", scopes: ["ingest"] }, Date.now),
      clock,
      log,
      noteEveryMs: 0,
    },
    ...{ letters: aCounter(), readableUntilMs: async () => (await collectorBacklog(otlpUrl)).readableUntilMs },
  });
}

const lettersOf = async (filter: DeadLetterFilter, of = project) =>
  (await listLetters(prisma, { project: of, filter: { kind: "ingest", ...filter }, cursor: null, limit: 100 })).letters;

/** Requests a redrive of a letter of a project; returns its id. */
async function ask(id: string, of = project): Promise<string> {
  const { redrive: made } = await createRedrive(
    prisma,
    {
      ...{ project: of, name: "again", reason: "it is mended", actor: "ann", selection: { kind: "letters", ids: [id] } },
      ...{ version: { kind: "any" }, payload: null, ratePerSecond: 100, tryFirst: null },
    },
    { now: new Date(), confirm: () => undefined },
  );
  return made.id;
}

/** Works until a redrive is over. */
function toItsEnd(id: string, loop = aLoop(), of = project) {
  const move = redriveRound({ prisma, clock: Date.now, log, redriven: aCounter() });
  return until("the end of the redrive", async () => {
    await move();
    await loop();
    const now = await readRedrive(prisma, of, id);
    return now.state === "done" ? now : null;
  });
}

/** Redrives a letter to its end. */
const redrive = async (id: string, loop = aLoop()) => toItsEnd(await ask(id), loop);

test("a flood of rejected records makes one letter per minute and kind of reason, and a sender that makes up reasons a bounded number", async () => {
  const atMs = Math.floor((nowMs - 3_600_000) / 60_000) * 60_000;
  const made = Array.from({ length: 200 }, (_, at) => ({
    reason: `reason ${"abcdefghij"[at % 10]}${"abcdefghijklmnopqrst"[Math.floor(at / 10)]}`,
  }));
  const alike = Array.from({ length: 300 }, (_, at) => ({
    source: "otlp_logs_http",
    reason: `no column "c${at}" for row ${at}`,
    record: `{"at":${at}}`,
  }));
  await reject([...made, ...alike], atMs);
  const loop = aLoop();
  await loop();
  await loop();
  const letters = await lettersOf({});
  expect(letters).toHaveLength(22);
  const [logs] = letters.filter(({ name }) => name === "300 records of otlp_logs_http");
  expect(logs?.message).toBe("no column … for row 0");
  const [rest] = letters.filter(({ name }) => name === "180 records of otlp_traces_http");
  expect(rest?.message).toBe("many other reasons");
  const detail = await readDeadLetter(prisma, project, rest?.id ?? "");
  if (detail?.letter.kind !== "ingest" || detail.letter.payload.held !== "records") throw new Error("no letter of records");
  const rejected = createRejectedStore(clickhouse);
  const range = { project, ...detail.letter.payload };
  expect(await rejected.count(range)).toBe(180);
  expect(await rejected.records(range, { after: null, rowsMax: 5_000, charsMax: 1 })).toHaveLength(1);
  expect(await rejected.records(range, { after: null, rowsMax: 5_000, charsMax: 4 })).toHaveLength(2);

  await reject(made.slice(0, 1), nowMs - 600_000);
  await aLoop()();
  expect((await lettersOf({})).map(({ name }) => name).filter((name) => name !== "1 record of otlp_traces_http")).toEqual([
    "300 records of otlp_logs_http",
    "180 records of otlp_traces_http",
  ]);
  expect(await lettersOf({})).toHaveLength(23);
  expect(await rejected.count(range)).toBe(180);
  await discardLetters(
    prisma,
    { project, selection: { kind: "filter", filter: { kind: "ingest" } }, actor: "ann", reason: "a test" },
    { now: new Date(), confirm: () => undefined },
  );
});

test("records that arrived while no controller ran are found however long that was, even with no letter left; already searched times are not searched again", async () => {
  const dayMs = 86_400_000;
  const lookedUntil = new Date(nowMs - 10 * dayMs);
  await prisma.ingestWatermark.upsert({ where: { id: 1 }, create: { lookedUntil }, update: { lookedUntil } });
  await reject([{ project: "away", reason: "before" }], nowMs - 12 * dayMs);
  await reject([{ project: "away", reason: "meanwhile" }], nowMs - 9 * dayMs);
  await aLoop()();
  expect((await lettersOf({}, "away")).map(({ message }) => message)).toEqual(["meanwhile"]);
  const row = await prisma.ingestWatermark.findUniqueOrThrow({ where: { id: 1 } });
  expect(row.lookedUntil.getTime()).toBeGreaterThan(nowMs - dayMs);
});

test("records that the store refused are sent again by their own route, also while the queue of tasks is paused, and become spans, once; faulty ones become a letter again", async () => {
  const atMs = Math.floor((nowMs - 1_800_000) / 60_000) * 60_000;
  await reject(
    ["00f067aa0ba902b1", "00f067aa0ba902b2"].map((id) => ({ record: keptSpan(id) })),
    atMs,
  );
  const faulty = { reason: "the span id is not 8 bytes with one of them not zero", record: keptSpan("00") };
  await reject([faulty], atMs + 10);
  await aLoop()();
  const open = await lettersOf({ state: "open" });
  expect(open.map(({ name }) => name).sort()).toEqual(["1 record of otlp_traces_http", "2 records of otlp_traces_http"]);
  const [refused] = open.filter(({ cause }) => cause === "refused_by_store");
  const [rejected] = open.filter(({ cause }) => cause === "rejected");

  const act = { project: null, actor: "ann", reason: "the airline is down", now: new Date() };
  await pauseQueue(prisma, act);
  const ended = await redrive(refused?.id ?? "");
  await resumeQueue(prisma, act);
  expect(ended.counts).toMatchObject({ passed: 1, failed: 0 });
  const answer = await clickhouse.query({
    query: "SELECT count() AS spans FROM spans FINAL WHERE name LIKE 'call %'",
    format: "JSONEachRow",
  });
  expect(await answer.json()).toEqual([{ spans: "2" }]);

  const again = await redrive(rejected?.id ?? "");
  expect(again.counts).toMatchObject({ passed: 0, failed: 1 });
  await until("the next letter", async () => {
    await aLoop()();
    const { groups } = await listDeadLetterGroups(prisma, {
      ...{ project, filter: { kind: "ingest", state: "open" }, order: "last", limit: 10, steps: { fromMs: 0, stepMs: 1, count: 0 } },
    });
    return groups.some(({ fingerprint }) => fingerprint === rejected?.fingerprint);
  });
});

test("an unavailable collector ends no redrive, and records that come after a letter was handled make a new letter of that minute", async () => {
  const atMs = Math.floor((nowMs - 1_200_000) / 60_000) * 60_000;
  await reject([{ record: keptSpan("00f067aa0ba902c1") }], atMs);
  await aLoop()();
  const [letter] = await lettersOf({ state: "open", cause: "refused_by_store" });
  let asked = 0;
  const send = openCollectorClient(otlpUrl);
  const ended = await redrive(
    letter?.id ?? "",
    aLoop({
      send: async (request, key) => {
        asked += 1;
        return asked < 3 ? { kind: "unavailable", reason: "it is full" } : send(request, key);
      },
    }),
  );
  expect([ended.counts.passed, asked]).toEqual([1, 3]);
  await reject([{ record: keptSpan("00f067aa0ba902c2") }, { record: keptSpan("00f067aa0ba902c3") }], atMs + 1_000);
  await aLoop()();
  const runs = await lettersOf({ cause: "refused_by_store", failedSince: new Date(atMs).toISOString() });
  expect(runs.map(({ run, state, name }) => [run, state, name])).toEqual([
    [2, "open", "2 records of otlp_traces_http"],
    [1, "redriven", "1 record of otlp_traces_http"],
  ]);
});

test.each([
  ["on another day", "it is full", "it is full", 82_800_000],
  ["for a reason that is worded otherwise", "no column for row 5", "no column for row 9", 900_000],
])("records that are refused again %s have not passed", async (_name, before, after, agoMs) => {
  const atMs = Math.floor((nowMs - agoMs) / 60_000) * 60_000;
  const record = keptSpan(`00f067aa0ba90${String(agoMs).slice(0, 3)}`);
  await reject([{ reason: `the table spans refuses it: ${before}`, record }], atMs);
  await aLoop()();
  const [letter] = await lettersOf({ cause: "refused_by_store", state: "open", failedBefore: new Date(atMs + 60_000).toISOString() });
  const loop = aLoop({
    send: async () => {
      await reject([{ reason: `the table spans refuses it: ${after}`, record }], Date.now());
      return { kind: "taken", rejected: 0, reason: null };
    },
  });
  const ended = await redrive(letter?.id ?? "", loop);
  expect(ended.counts).toMatchObject({ passed: 0, failed: 1 });
});

test("a letter that cannot be sent is given up with its reason, delays no other, and its records wait in a new letter; no key is left", async () => {
  const atMs = Math.floor((nowMs - 2_400_000) / 60_000) * 60_000;
  await reject([{ project: "gone", record: keptSpan("00f067aa0ba902d1") }], atMs);
  await reject([{ record: keptSpan("00f067aa0ba902d2") }], atMs + 1);
  let hurriesMs = 0;
  let aheadMs = 0;
  let keysInUse = 0;
  const countKeys = () => prisma.apiKeyRow.count({ where: { name: { startsWith: "redrive" }, project } });
  const tell = openCollectorClient(otlpUrl);
  const loop = aLoop({
    clock: () => {
      aheadMs += hurriesMs;
      return Date.now() + aheadMs;
    },
    send: async (request, key) => {
      keysInUse = await countKeys();
      return tell(request, key);
    },
  });
  await loop();
  const [stuck] = await lettersOf({}, "gone");
  const [sound] = await lettersOf({ cause: "refused_by_store", state: "open", failedBefore: new Date(atMs + 60_000).toISOString() });
  const failing = await ask(stuck?.id ?? "", "gone");
  expect((await redrive(sound?.id ?? "", loop)).counts).toMatchObject({ passed: 1 });
  hurriesMs = 10_000;
  expect((await toItsEnd(failing, loop, "gone")).counts).toMatchObject({ passed: 0, failed: 1 });
  const letters = await lettersOf({}, "gone");
  expect(letters.map(({ run, state }) => `${run} ${state}`).sort()).toEqual(["1 redriven", "2 open"]);
  expect(keysInUse).toBeGreaterThan(0);
  await loop();
  expect(await countKeys()).toBeLessThan(keysInUse);
});
