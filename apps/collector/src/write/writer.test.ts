import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { memoryRunParts, rowsOfInsert } from "@signalbox/db/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { Journal } from "../journal/index.ts";
import { createMetrics } from "../metrics.ts";
import { aFolder } from "../testing/aFolder.ts";
import { aSpan, tracesRequest } from "../testing/otlpBuilders.ts";
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

/** A writer that keeps the names of the spans it stored. */
function startWriter(journal: Journal, insert?: Insert) {
  const metrics = createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now });
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
    metrics,
    log: pino({ level: "silent" }),
    batchBytes: 1_000_000,
    batchAgeMs: 10,
  });
  return { writer, stored, metrics, [Symbol.asyncDispose]: () => writer.end(1_000) };
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

  await using running = startWriter(journal);
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ name }) => name)).toEqual(["before", "behind"]);
  expect(await readdir(join(place.folder, "damaged"))).toEqual([segment]);
  expect((await running.metrics.damagedBytes.get()).values[0]?.value).toBeGreaterThan(100);
});

test("after a crash the range under way is inserted again as it was, though more has been appended behind it", async () => {
  await using place = await aFolder();
  const tokens: string[] = [];
  {
    await using journal = await openJournal(place.folder);
    await appendSpan(journal, "a");
    await appendSpan(journal, "b");
    const writer = startWriter(journal, async ({ token }) => {
      tokens.push(token);
      return { kind: "unavailable", reason: "the answer never came" };
    });
    await untilTrue(() => tokens.length > 0);
    await appendSpan(journal, "c");
    await writer.writer.end(0);
  }
  await using journal = await openJournal(place.folder);
  await using running = startWriter(journal);
  await untilTrue(() => journal.unwrittenBytes === 0);
  const [first = ""] = tokens;
  expect(running.stored.filter(({ token }) => token === first).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(running.stored.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("a request that cannot be decoded any more is kept among the rejected and holds up nobody", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "", "{");
  await appendSpan(journal, "good");
  await using running = startWriter(journal);
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(running.stored.map(({ table }) => table).sort()).toEqual(["rejected", "spans"]);
});

test("a row that no table takes is counted as lost, its segment is kept aside, and the line goes on", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "unwanted");
  await using running = startWriter(journal, async () => ({ kind: "refused", reason: "never" }));
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect((await running.metrics.lostRows.get()).values[0]?.value).toBe(1);
  expect(await readdir(join(place.folder, "damaged"))).toHaveLength(1);
});

test("two ranges on their way when the process ends are inserted again with their own tokens, what came later with another", async () => {
  await using place = await aFolder();
  const tokens = new Set<string>();
  {
    await using journal = await openJournal(place.folder);
    const { writer } = startWriter(journal, async ({ token }) => {
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
  await using running = startWriter(journal);
  await untilTrue(() => journal.unwrittenBytes === 0);
  const tokenOf = (wanted: string) => running.stored.filter(({ name }) => name === wanted).map(({ token }) => token);
  expect([...tokenOf("a"), ...tokenOf("b")]).toEqual([...tokens]);
  expect(running.stored.map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
});

test("while the store hangs on one batch, others pass it by, but no more than the journal can note; then all are stored once", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  const hanging = Promise.withResolvers<void>();
  const names: unknown[] = [];
  let mostUnderWay = 0;
  await using _running = startWriter(journal, async (insert) => {
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

test("a request that cannot be decoded any more is no hindrance where the block beside it is made anew", async () => {
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
  await using _running = startWriter(journal, async (insert) => {
    const rows = rowsOfInsert(insert);
    if (insert.table !== "ledger" && rows.length > 1) return { kind: "refused", reason: "too many" };
    if (insert.table === "spans") stored.push(...rows.map(({ name }) => name));
    return { kind: "stored" };
  });
  await untilTrue(() => journal.unwrittenBytes === 0);
  expect(stored).toEqual(["a", "b", "c"]);
});

test("the ledger is told of a batch when its rows are stored, and before the journal forgets it", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await appendSpan(journal, "a", JSON.stringify(tracesRequest([aSpan(), aSpan({ spanId: "00" })])));
  const told: unknown[] = [];
  await using _running = startWriter(journal, async (insert) => {
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
