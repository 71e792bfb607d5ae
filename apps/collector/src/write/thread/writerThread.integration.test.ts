import { Worker } from "node:worker_threads";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Journal } from "../../journal/index.ts";
import { createMetrics } from "../../metrics.ts";
import { RuleBook, type RuleSource } from "../../rules/index.ts";
import { aFolder } from "../../testing/aFolder.ts";
import { aSpan, tracesRequest } from "../../testing/builders/otlpBuilders.ts";
import { someRules } from "../../testing/someRules.ts";
import { startTestStore, type TestStore } from "../../testing/testStore.ts";
import { untilTrue } from "../../testing/untilTrue.ts";
import { WriterThread } from "./writerThread.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

/** A journal and the thread that writes it to the store; `threads` are all that were started. */
async function startThread(ruleSource: RuleSource | null = null) {
  const place = await aFolder();
  const journal = await Journal.open({ folder: place.folder, segmentBytes: 20_000, bytesMax: 10_000_000, clock: Date.now });
  const metrics = createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now });
  const log = pino({ level: "silent" });
  const rules = new RuleBook(ruleSource, log);
  const threads: Worker[] = [];
  const writer = new WriterThread({
    ...{ journal, rules, metrics, log, folder: place.folder, clickhouseUrl: store.url, logLevel: "silent" },
    batch: { batchBytes: 4_000, batchAgeMs: 10 },
    spawn(start) {
      const thread = new Worker(new URL("./writerMain.ts", import.meta.url), { workerData: start, execArgv: [] });
      threads.push(thread);
      return thread;
    },
  });
  return {
    journal,
    metrics,
    rules,
    writer,
    threads,
    async [Symbol.asyncDispose]() {
      await writer.end(1_000);
      rules.end();
      await journal[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

function appendSpan(journal: Journal, project: string, name = "a") {
  return journal.append({
    receivedAtUs: Date.now() * 1_000,
    kind: "otlp_traces",
    source: "otlp_traces_http",
    counts: { received: 1, rejected: {} },
    encoding: "json",
    compression: "identity",
    project,
    body: Buffer.from(JSON.stringify(tracesRequest([aSpan({ name })]))),
  });
}

test("a thread writes the journal to the store, and its counts are in the metrics", async () => {
  await using running = await startThread();
  await appendSpan(running.journal, "one");
  await untilTrue(() => running.journal.unwrittenBytes === 0);
  expect(await store.number("SELECT count() FROM spans WHERE project = 'one'")).toBe(1);
  expect((await running.metrics.storedRows.get()).values).toEqual(
    expect.arrayContaining([expect.objectContaining({ labels: { table: "spans" }, value: 1 })]),
  );
});

test("a thread that dies, at whichever step, loses nothing and writes nothing twice", async () => {
  await using running = await startThread();
  const { journal, threads } = running;
  let appended = 0;
  for (let deaths = 0; deaths < 6; deaths += 1) {
    await untilTrue(() => threads.length > deaths);
    for (const until = appended + 10; appended < until; appended += 1) await appendSpan(journal, "killed", `span ${appended}`);
    const before = journal.progress;
    // Each at a different moment: before a batch begins, after it is noted, after it is stored.
    await untilTrue(() => deaths % 3 === 0 || journal.progress !== before);
    await threads[deaths]?.terminate();
  }
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(await store.rows("SELECT count() AS rows, uniqExact(name) AS names FROM spans FINAL WHERE project = 'killed'")).toEqual([
    { rows: String(appended), names: String(appended) },
  ]);
  const told = "SELECT sum(records) FROM ledger WHERE project = 'killed' AND fate = 'stored'";
  expect(await store.number(told)).toBe(appended);
});

test("rules that change reach the thread while it runs", async () => {
  const rules = someRules({ builtIn: ["email"] });
  await using running = await startThread(rules);
  const write = async (name: string) => {
    await appendSpan(running.journal, "default", name);
    await untilTrue(() => running.journal.unwrittenBytes === 0);
  };
  await write("ann@example.org in Berlin");
  const before = running.rules.latest;
  rules.change({ builtIn: ["email"], patterns: [{ name: "place", pattern: "Berlin" }] });
  await untilTrue(() => running.rules.latest !== before);
  await write("bob@example.org in Berlin");
  const names = await store.rows("SELECT name FROM spans FINAL WHERE project = 'default' ORDER BY start_time");
  expect(names).toEqual([{ name: "[redacted: email] in Berlin" }, { name: "[redacted: email] in [redacted: place]" }]);
  expect((await running.metrics.redacted.get()).values).toEqual(
    expect.arrayContaining([expect.objectContaining({ labels: { project: "default", rule: "place" }, value: 1 })]),
  );
});

test("a thread that repeatedly cannot be started is reported", async () => {
  await using place = await aFolder();
  const log = pino({ level: "silent" });
  const metrics = createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now });
  await using journal = await Journal.open({ folder: place.folder, segmentBytes: 20_000, bytesMax: 10_000_000, clock: Date.now });
  const writer = new WriterThread({
    ...{ journal, rules: new RuleBook(null, log), metrics, log, folder: place.folder, clickhouseUrl: store.url, logLevel: "silent" },
    batch: { batchBytes: 4_000, batchAgeMs: 10 },
    spawn() {
      throw new Error("no threads are left");
    },
  });
  expect(writer.trouble).toBeNull();
  await untilTrue(() => writer.trouble !== null);
  expect(writer.trouble).toContain("log has the cause");
  await writer.end(100);
});

test("records that became durable a moment ago are stored before the end", async () => {
  await using running = await startThread();
  await appendSpan(running.journal, "first");
  await untilTrue(() => running.journal.unwrittenBytes === 0);
  await appendSpan(running.journal, "last");
  await running.writer.end(10_000);
  expect(running.journal.unwrittenBytes).toBe(0);
  expect(await store.number("SELECT count() FROM spans WHERE project = 'last'")).toBe(1);
});

test("records that a thread has not stored when its time is over wait in the journal", async () => {
  await using place = await aFolder();
  const log = pino({ level: "silent" });
  const metrics = createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now });
  await using journal = await Journal.open({ folder: place.folder, segmentBytes: 20_000, bytesMax: 10_000_000, clock: Date.now });
  const rules = new RuleBook(null, log);
  const writer = new WriterThread({
    ...{ journal, rules, metrics, log, folder: place.folder, clickhouseUrl: "http://127.0.0.1:9", logLevel: "silent" },
    batch: { batchBytes: 4_000, batchAgeMs: 10 },
  });
  await appendSpan(journal, "away");
  await untilTrue(() => journal.progress.intents.length === 1);
  await writer.end(100);
  expect(journal.progress.intents).toHaveLength(1);
  expect(journal.unwrittenBytes).toBeGreaterThan(0);
});
