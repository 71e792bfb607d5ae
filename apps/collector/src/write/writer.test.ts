import { open, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { memoryRunParts, rowsOfInsert } from "@signalbox/db/testing";
import { isSampled, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { expect, test } from "vitest";
import { Journal } from "../journal/index.ts";
import { createMetrics } from "../metrics.ts";
import { RuleBook, type RuleSource, RulesInForce } from "../rules/index.ts";
import { aFolder } from "../testing/aFolder.ts";
import { aSpan, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { someRules } from "../testing/someRules.ts";
import { untilTrue } from "../testing/untilTrue.ts";
import { type Insert, Writer } from "./index.ts";

const openJournal = (folder: string): Promise<Journal> =>
  Journal.open({ folder, segmentBytes: 1_000_000, bytesMax: 10_000_000, clock: Date.now });

function appendSpan(journal: Journal, name: string, body = JSON.stringify(tracesRequest([aSpan({ name })]))) {
  return journal.append({
    receivedAtUs: Date.now() * 1_000,
    kind: "otlp_traces",
    source: "otlp_traces_http",
    counts: { received: 1, rejected: {} },
    encoding: "json",
    compression: "identity",
    project: "default",
    body: Buffer.from(body),
  });
}

/** A writer that records the names of the spans it stored. */
async function startWriter(journal: Journal, folder: string, insert?: Insert, ruleSource: RuleSource | null = null) {
  const metrics = createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now });
  const log = pino({ level: "silent" });
  const book = new RuleBook(ruleSource, log);
  const stored: { table: string; name: unknown; token: string }[] = [];
  const remember: Insert = async (rows) => {
    if (rows.table === "ledger") return { kind: "stored" };
    for (const { name } of rowsOfInsert(rows)) stored.push({ table: rows.table, name, token: rows.token });
    return { kind: "stored" };
  };
  const writer = new Writer({
    journal,
    insert: insert ?? remember,
    runParts: memoryRunParts(),
    rules: book,
    rulesInForce: await RulesInForce.open(folder, log),
    metrics,
    log,
    batchBytes: 1_000_000,
    batchAgeMs: 10,
  });
  return {
    writer,
    book,
    stored,
    metrics,
    async [Symbol.asyncDispose]() {
      await writer.end(1_000);
      book.end();
    },
  };
}

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
  await file.close();
}

test("a damaged record is counted, its segment is kept aside, and those around it are stored", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "before");
  const damagedAt = journal.unwrittenBytes;
  await appendSpan(journal, "damaged");
  await appendSpan(journal, "behind");
  const [segment = ""] = (await readdir(place.folder)).filter((name) => name.endsWith(".segment"));
  await flipByte(join(place.folder, segment), damagedAt + 50);

  await using running = await startWriter(journal, place.folder);
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ name }) => name)).toEqual(["before", "behind"]);
  expect(await readdir(join(place.folder, "damaged"))).toEqual([segment]);
  expect((await running.metrics.damagedBytes.get()).values[0]?.value).toBeGreaterThan(100);
});

test("after a crash the interrupted range is inserted again unchanged, although more has been appended after it", async () => {
  await using place = await aFolder();
  const tokens: string[] = [];
  {
    await using journal = await openJournal(place.folder);
    await appendSpan(journal, "a");
    await appendSpan(journal, "b");
    const writer = await startWriter(journal, place.folder, async ({ token }) => {
      tokens.push(token);
      return { kind: "unavailable", reason: "the answer never came" };
    });
    await untilTrue(() => tokens.length > 0);
    await appendSpan(journal, "c");
    await writer.writer.end(0);
  }
  await using journal = await openJournal(place.folder);
  await using running = await startWriter(journal, place.folder);
  await untilTrue(() => journal.unwrittenBytes === 0);
  const [first = ""] = tokens;
  expect(running.stored.filter(({ token }) => token === first).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(running.stored.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("a request that can no longer be decoded is kept as rejected and blocks nothing", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "", "{");
  await appendSpan(journal, "good");
  await using running = await startWriter(journal, place.folder);
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ table }) => table).sort()).toEqual(["rejected", "spans"]);
});

test("a row that no table accepts is counted as lost, its segment is quarantined, and writing goes on", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "unwanted");
  await using running = await startWriter(journal, place.folder, async () => ({ kind: "refused", reason: "never" }));
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect((await running.metrics.lostRows.get()).values[0]?.value).toBe(1);
  expect(await readdir(join(place.folder, "damaged"))).toHaveLength(1);
});

test("two ranges on their way when the process ends are inserted again with their own tokens, later ones with others", async () => {
  await using place = await aFolder();
  const tokens = new Set<string>();
  {
    await using journal = await openJournal(place.folder);
    const { writer } = await startWriter(journal, place.folder, async ({ token }) => {
      tokens.add(token);
      return { kind: "unavailable", reason: "the answer never came" };
    });
    for (const [count, name] of ["a", "b"].entries()) {
      await appendSpan(journal, name);
      await untilTrue(() => tokens.size > count);
    }
    await appendSpan(journal, "c");
    await writer.end(0);
  }
  await using journal = await openJournal(place.folder);
  await using running = await startWriter(journal, place.folder);
  await untilTrue(() => journal.unwrittenBytes === 0);
  const tokenOf = (wanted: string) => running.stored.filter(({ name }) => name === wanted).map(({ token }) => token);
  expect([...tokenOf("a"), ...tokenOf("b")]).toEqual([...tokens]);
  expect(running.stored.map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
});

test("while the store hangs on one batch, others pass it, up to the journal's limit; then all are stored once", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  const hanging = Promise.withResolvers<void>();
  const names: unknown[] = [];
  let mostUnderWay = 0;
  await using _running = await startWriter(journal, place.folder, async (insert) => {
    if (insert.table === "ledger") return { kind: "stored" };
    mostUnderWay = Math.max(mostUnderWay, journal.progress.intents.length);
    const [row] = rowsOfInsert(insert);
    if (row?.name === "slow") await hanging.promise;
    names.push(...rowsOfInsert(insert).map(({ name }) => name));
    return { kind: "stored" };
  });
  await appendSpan(journal, "slow");
  await untilTrue(() => journal.progress.intents.length === 1);
  for (let appended = 0; appended < 60; appended += 1) {
    await appendSpan(journal, String(appended));
    await untilTrue(() => names.includes(String(appended)) || journal.progress.intents.length === 16);
  }
  expect(names).not.toContain("slow");
  hanging.resolve();
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(mostUnderWay).toBe(16);
  expect(names).toHaveLength(61);
  expect(new Set(names).size).toBe(61);
});

test("a request that can no longer be decoded does not prevent rebuilding the block beside it", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await journal.append({
    receivedAtUs: 0,
    kind: "otlp_traces",
    source: "otlp_traces_http",
    counts: { received: 1, rejected: {} },
    encoding: "json",
    compression: "identity",
    project: "default",
    body: Buffer.from("{"),
  });
  const body = JSON.stringify(tracesRequest(["a", "b", "c"].map((name) => aSpan({ name }))));
  await appendSpan(journal, "", body);
  const stored: unknown[] = [];
  await using _running = await startWriter(journal, place.folder, async (insert) => {
    const rows = rowsOfInsert(insert);
    if (insert.table !== "ledger" && rows.length > 1) return { kind: "refused", reason: "too many" };
    if (insert.table === "spans") stored.push(...rows.map(({ name }) => name));
    return { kind: "stored" };
  });
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(stored).toEqual(["a", "b", "c"]);
});

const NO_EMAIL = { builtIn: ["email"] };
const NO_EMAIL_NO_PLACE = { ...NO_EMAIL, patterns: [{ name: "place", pattern: "Berlin" }] };
const SAID = "ann@example.org in Berlin";

test("nothing is written before the rules are known", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  const answer = Promise.withResolvers<void>();
  const rules = someRules(NO_EMAIL);
  const listIntakeRules = async () => {
    await answer.promise;
    return rules.listIntakeRules();
  };
  await using running = await startWriter(journal, place.folder, undefined, { listIntakeRules });
  await appendSpan(journal, SAID);
  await untilTrue(() => running.book.trouble !== null);
  await new Promise((resolve) => setImmediate(resolve));
  expect(running.stored).toEqual([]);
  answer.resolve();
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ name }) => name)).toEqual(["[redacted: email] in Berlin"]);
});

test("an interrupted range is inserted again under the rules that it was begun with, later ones under the current rules", async () => {
  await using place = await aFolder();
  const rules = someRules(NO_EMAIL);
  const tokens: string[] = [];
  {
    await using journal = await openJournal(place.folder);
    await appendSpan(journal, SAID);
    const unavailable: Insert = async ({ token }) => {
      tokens.push(token);
      return { kind: "unavailable", reason: "the answer never came" };
    };
    const { writer } = await startWriter(journal, place.folder, unavailable, rules);
    await untilTrue(() => tokens.length > 0);
    await writer.end(0);
  }
  rules.change(NO_EMAIL_NO_PLACE);
  await using journal = await openJournal(place.folder);
  await using running = await startWriter(journal, place.folder, undefined, rules);
  await appendSpan(journal, SAID);
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ name }) => name)).toEqual(["[redacted: email] in Berlin", "[redacted: email] in [redacted: place]"]);
  expect(running.stored[0]?.token).toBe(tokens[0]);
});

test("if the rules of an interrupted range cannot be read, it is written under the current ones, never under none", async () => {
  await using place = await aFolder();
  {
    await using journal = await openJournal(place.folder);
    await appendSpan(journal, SAID);
    const { writer } = await startWriter(journal, place.folder, async () => ({ kind: "unavailable", reason: "down" }), someRules({}));
    await untilTrue(() => journal.progress.intents.length === 1);
    await writer.end(0);
  }
  await writeFile(join(place.folder, "rules"), "{");
  await using journal = await openJournal(place.folder);
  await using running = await startWriter(journal, place.folder, undefined, someRules(NO_EMAIL));
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ name }) => name)).toEqual(["[redacted: email] in Berlin"]);
});

test("a change of the rules takes effect while the collector runs, and the last known rules stay when they cannot be read", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  const rules = someRules(NO_EMAIL);
  let isAway = false;
  let reads = 0;
  const listIntakeRules: RuleSource["listIntakeRules"] = async () => {
    reads += 1;
    if (isAway) throw new Error("the state store is away");
    return rules.listIntakeRules();
  };
  await using running = await startWriter(journal, place.folder, undefined, { listIntakeRules });
  await running.book.known;
  rules.change(NO_EMAIL_NO_PLACE);
  const before = running.book.latest;
  await untilTrue(() => running.book.latest !== before);
  isAway = true;
  const readsBefore = reads;
  await untilTrue(() => reads > readsBefore);
  await appendSpan(journal, SAID);
  await untilTrue(() => running.stored.length === 1);
  expect(running.stored[0]?.name).toBe("[redacted: email] in [redacted: place]");
  expect(running.book.trouble).toBeNull();
});

test("nothing of a request that can no longer be decoded is kept where its project has rules", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "", "{");
  const inserted: unknown[] = [];
  const keep: Insert = async (insert) => {
    if (insert.table !== "ledger") inserted.push(...rowsOfInsert(insert));
    return { kind: "stored" };
  };
  await using _running = await startWriter(journal, place.folder, keep, someRules(NO_EMAIL));
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(inserted).toMatchObject([{ record: expect.stringMatching(/^\[redacted: unreadable\] sha256:[0-9a-f]{64}$/) }]);
});

test("the sampled share of a project's traces is stored whole, and the rest is counted", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  const spans = Array.from({ length: 200 }, (_, index) => aSpan({ traceId: traceIdOf(`trace ${index >> 1}`), name: `${index}` }));
  await appendSpan(journal, "", JSON.stringify(tracesRequest(spans)));
  const kept = spans.filter(({ traceId }) => isSampled(traceId, 0.25)).map(({ name }) => name);
  const stored: unknown[] = [];
  const told: Record<string, unknown>[] = [];
  const halving: Insert = async (insert) => {
    const rows = rowsOfInsert(insert);
    if (insert.table === "ledger") told.push(...rows);
    if (insert.table === "ledger") return { kind: "stored" };
    if (rows.length > 10) return { kind: "refused", reason: "too many" };
    stored.push(...rows.map(({ name }) => name));
    return { kind: "stored" };
  };
  await using _running = await startWriter(journal, place.folder, halving, someRules({}, { headShare: 0.25 }));
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(stored).toEqual(kept);
  const counted = told.map(({ fate, reason, records }) => [fate, reason, records]);
  expect(counted).toEqual(
    expect.arrayContaining([
      ["journaled", "", 200],
      ["stored", "", kept.length],
      ["sampled", "head", 200 - kept.length],
    ]),
  );
});

test("a batch goes into the ledger after its rows are stored, and before the journal forgets it", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "a", JSON.stringify(tracesRequest([aSpan(), aSpan({ spanId: "00" })])));
  const told: unknown[] = [];
  await using _running = await startWriter(journal, place.folder, async (insert) => {
    told.push([insert.table, journal.progress.intents.length]);
    if (insert.table === "ledger") told.push(rowsOfInsert(insert).map(({ fate, reason, records }) => [fate, reason, records]));
    return { kind: "stored" };
  });
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(told.filter((entry) => !String(entry).startsWith("rejected"))).toEqual([
    ["spans", 1],
    ["ledger", 1],
    [
      ["received", "", 1],
      ["accepted", "", 1],
      ["journaled", "", 1],
      ["stored", "", 1],
    ],
  ]);
});
