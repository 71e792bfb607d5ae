import { appendFile, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { aFolder } from "../testing/aFolder.ts";
import { Journal, type JournalOptions, type JournalRecord, type Range } from "./index.ts";

function openJournal(folder: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  return Journal.open({ folder, segmentBytes: 1_000_000, bytesMax: 10_000_000, clock: () => 1_000, ...options });
}

function aRecord(text: string): JournalRecord {
  return {
    receivedAtUs: 1_763_900_000_000_000,
    kind: "otlp_traces",
    source: "otlp_traces_http",
    counts: { received: 1, rejected: {} },
    encoding: "json",
    compression: "identity",
    project: "default",
    body: Buffer.from(text),
  };
}

/** Reads the journal to its end as the writer does, and marks what it read as written. */
async function drain(journal: Journal): Promise<{ texts: string[]; damaged: number }> {
  const texts: string[] = [];
  let damaged = 0;
  for (let { untaken } = journal; untaken !== null; { untaken } = journal) {
    const read = await journal.read(untaken, 200);
    if (read.kind === "records") texts.push(...read.records.map(({ body }) => body.toString()));
    else {
      damaged += 1;
      await journal.quarantine(read.range.segment);
    }
    await journal.intend(read.range);
    await journal.stored(read.range);
  }
  return { texts, damaged };
}

async function segmentsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".segment")).sort();
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `body ${index} ${"x".repeat(index % 50)}`);

test("appended records are read again in order after a restart, every byte of them", async () => {
  await using place = await aFolder();
  const record = {
    ...aRecord("\u0000\n\n"),
    kind: "otlp_logs",
    source: "otlp_logs_tls",
    encoding: "protobuf",
    compression: "gzip",
    project: "größe",
  } as const;
  {
    await using journal = await openJournal(place.folder);
    expect(await journal.append(record)).toEqual({ kind: "durable" });
  }
  await using journal = await openJournal(place.folder);
  const { untaken } = journal;
  if (untaken === null) throw new Error("there is a record to read");
  expect(await journal.read(untaken, 1_000)).toMatchObject({ kind: "records", records: [record] });
});

test("requests that wait together keep their order and share segments of a bounded size", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder, { segmentBytes: 500 });
  for (let round = 0; round < 5; round += 1) await Promise.all(texts(20).map((text) => journal.append(aRecord(text))));
  expect((await segmentsIn(place.folder)).length).toBeGreaterThan(2);
  expect((await drain(journal)).texts).toEqual(Array.from({ length: 5 }, () => texts(20)).flat());
});

test("the time of the newest request is known after a restart, whether it is in the store or waits", async () => {
  await using place = await aFolder();
  const append = (journal: Journal, receivedAtUs: number) => journal.append({ ...aRecord("x"), receivedAtUs });
  {
    await using journal = await openJournal(place.folder);
    await append(journal, 9_000);
    await append(journal, 7_000);
    await drain(journal);
  }
  {
    await using journal = await openJournal(place.folder);
    expect(journal.newestUs).toBe(9_000);
    await append(journal, 11_000);
  }
  await using journal = await openJournal(place.folder);
  expect(journal.newestUs).toBe(11_000);
});

test("quarantining a segment takes no room on the disk, and may be repeated", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder);
  await journal.append(aRecord("a"));
  const segment = journal.untaken?.segment ?? 0;
  const aside = [await journal.quarantine(segment), await journal.quarantine(segment)];
  const [name] = await segmentsIn(place.folder);
  expect(aside).toEqual(Array(2).fill(join(place.folder, "damaged", name ?? "")));
  expect((await stat(aside[0] ?? "")).ino).toBe((await stat(join(place.folder, name ?? ""))).ino);
});

test("a segment is deleted when all of it is written, and its number is never reused", async () => {
  await using place = await aFolder();
  {
    await using journal = await openJournal(place.folder, { segmentBytes: 1 });
    await journal.append(aRecord("a"));
    await journal.append(aRecord("b"));
    await drain(journal);
    expect(await segmentsIn(place.folder)).toEqual([]);
  }
  await using journal = await openJournal(place.folder);
  await journal.append(aRecord("c"));
  expect(journal.untaken).toMatchObject({ segment: 1_002 });
});

test("at its limit it refuses records, and accepts them again when the store has caught up", async () => {
  await using place = await aFolder();
  await using journal = await openJournal(place.folder, { bytesMax: 1_000 });
  const bodies = Array.from({ length: 60 }, (_, index) => `body ${index + 10}`);
  const outcomes = await Promise.all(bodies.map((text) => journal.append(aRecord(text))));
  const durable = outcomes.filter(({ kind }) => kind === "durable").length;
  expect(durable).toBeGreaterThan(5);
  expect(durable).toBeLessThan(30);
  expect(outcomes.at(-1)).toMatchObject({ kind: "refused", reason: "full" });
  expect(journal.trouble).toContain("limit");
  expect((await drain(journal)).texts).toEqual(bodies.slice(0, durable));
  expect(await journal.append(aRecord("again"))).toEqual({ kind: "durable" });
  expect(journal.trouble).toBeNull();
});

test("a record that a crash left half written is cut off and counted; those before it stay", async () => {
  await using place = await aFolder();
  {
    await using journal = await openJournal(place.folder);
    for (const text of texts(3)) await journal.append(aRecord(text));
  }
  const [segment = ""] = await segmentsIn(place.folder);
  const path = join(place.folder, segment);
  const { size } = await stat(path);
  const file = await open(path, "r+");
  await file.truncate(size - 3);
  await file.close();

  await using journal = await openJournal(place.folder);
  expect(journal.recovery.tornBytes).toBeGreaterThan(3);
  expect(await drain(journal)).toEqual({ texts: texts(2), damaged: 0 });
});

test("garbage after the last record is cut off, whatever it is", async () => {
  for (const rubbish of [Buffer.alloc(5_000), Buffer.from("RLBS\u0005\u0000\u0000\u0000"), Buffer.alloc(40, 0xff)]) {
    await using place = await aFolder();
    {
      await using journal = await openJournal(place.folder);
      await journal.append(aRecord("whole"));
    }
    const [segment = ""] = await segmentsIn(place.folder);
    await appendFile(join(place.folder, segment), rubbish);
    await using journal = await openJournal(place.folder);
    expect(journal.recovery.tornBytes).toBe(rubbish.length);
    expect(await drain(journal)).toEqual({ texts: ["whole"], damaged: 0 });
  }
});

test.each([
  ["a flipped byte of a body", 40],
  ["a flipped byte of a length", 5],
  ["a flipped byte of a mark", 0],
])("%s in the middle costs that record alone", async (_name, flipAt) => {
  await using place = await aFolder();
  let secondAt = 0;
  {
    await using journal = await openJournal(place.folder);
    await journal.append(aRecord("first first first first first"));
    secondAt = journal.unwrittenBytes;
    await journal.append(aRecord("second second second second second"));
    await journal.append(aRecord("third"));
  }
  const [segment = ""] = await segmentsIn(place.folder);
  const file = await open(join(place.folder, segment), "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, secondAt + flipAt);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0x55]), 0, 1, secondAt + flipAt);
  await file.close();

  await using journal = await openJournal(place.folder);
  expect(journal.recovery.tornBytes).toBe(0);
  expect(await drain(journal)).toEqual({ texts: ["first first first first first", "third"], damaged: 1 });
  expect(await readdir(join(place.folder, "damaged"))).toEqual([segment]);
});

test("a body that holds a record of another journal is not read as one when the record around it is damaged", async () => {
  await using other = await aFolder();
  await using place = await aFolder();
  let forged = Buffer.alloc(0);
  {
    await using journal = await openJournal(other.folder);
    await journal.append(aRecord("forged"));
    const file = await open(join(other.folder, (await segmentsIn(other.folder))[0] ?? ""));
    forged = (await file.readFile()) as Buffer<ArrayBuffer>;
    await file.close();
  }
  {
    await using journal = await openJournal(place.folder);
    await journal.append({ ...aRecord(""), body: Buffer.concat([Buffer.from("before"), forged]) });
    await journal.append(aRecord("behind"));
  }
  const [segment = ""] = await segmentsIn(place.folder);
  const file = await open(join(place.folder, segment), "r+");
  await file.write(Buffer.from([0xff]), 0, 1, 9);
  await file.close();
  await using journal = await openJournal(place.folder);
  expect(await drain(journal)).toEqual({ texts: ["behind"], damaged: 1 });
});

test("two collectors never share a journal", async () => {
  await using place = await aFolder();
  await using _journal = await openJournal(place.folder);
  await expect(openJournal(place.folder)).rejects.toMatchObject({ code: "infrastructure" });
});

test("intended ranges and written position survive a restart", async () => {
  await using place = await aFolder();
  const range = { segment: 1_000, from: 0, to: 30 };
  {
    await using journal = await openJournal(place.folder);
    await journal.append(aRecord("a"));
    await journal.intend(range);
  }
  await using journal = await openJournal(place.folder);
  expect(journal.progress).toMatchObject({ written: { segment: 0, offset: 0 }, intents: [range] });
});

test("a segment that another program removed is reported and blocks nothing", async () => {
  await using place = await aFolder();
  {
    await using journal = await openJournal(place.folder, { segmentBytes: 1 });
    for (const text of ["a", "b"]) await journal.append(aRecord(text));
    await journal.intend({ segment: 1_000, from: 0, to: journal.untaken?.to ?? 0 });
  }
  await rm(join(place.folder, "0000000000001000.segment"));
  await using journal = await openJournal(place.folder);
  expect([journal.recovery.segmentGone, journal.progress.intents]).toEqual([true, []]);
  expect((await drain(journal)).texts).toEqual(["b"]);
});

test("a progress file torn by a crash falls back to the save before; a lost one is reported and everything is read again", async () => {
  await using place = await aFolder();
  const damage = async (offset: number): Promise<void> => {
    const file = await open(join(place.folder, "progress"), "r+");
    await file.write(Buffer.from("#####"), 0, 5, offset);
    await file.close();
  };
  {
    await using journal = await openJournal(place.folder);
    await journal.append(aRecord("a"));
    await journal.append(aRecord("b"));
    for (const range of [
      { segment: 1_000, from: 0, to: 10 },
      { segment: 1_000, from: 10, to: 20 },
    ]) {
      await journal.intend(range);
      await journal.stored(range);
    }
  }
  await damage(0);
  {
    await using journal = await openJournal(place.folder);
    expect(journal.recovery.progressLost).toBe(false);
    expect(journal.progress.written).toEqual({ segment: 1_000, offset: 10 });
  }
  await damage(4_096);
  await using journal = await openJournal(place.folder);
  expect(journal.recovery.progressLost).toBe(true);
  expect((await drain(journal)).texts).toEqual(["a", "b"]);
});

/** Appends single records; returns their ranges. */
async function appendEach(journal: Journal, count: number): Promise<Range[]> {
  const ranges: Range[] = [];
  for (const text of texts(count)) {
    const from = journal.unwrittenBytes;
    await journal.append(aRecord(text));
    ranges.push({ segment: 1_000, from, to: journal.unwrittenBytes });
  }
  return ranges;
}

test("ranges may be stored in any order: the written position is the start of the first one not stored", async () => {
  await using place = await aFolder();
  let ranges: Range[] = [];
  {
    await using journal = await openJournal(place.folder);
    ranges = await appendEach(journal, 4);
    for (const range of ranges) await journal.intend(range);
    expect([journal.untaken, journal.untakenBytes]).toEqual([null, 0]);
    await journal.stored(ranges[2] as Range);
    await journal.stored(ranges[1] as Range);
    expect(journal.progress).toMatchObject({ written: { segment: 0, offset: 0 }, intents: ranges });
    expect(journal.unstored).toEqual([ranges[0], ...ranges.slice(3)]);
    await journal.stored(ranges[0] as Range);
    expect(journal.progress).toMatchObject({ written: { segment: 1_000, offset: ranges[2]?.to }, intents: ranges.slice(3) });
  }
  await using journal = await openJournal(place.folder);
  expect(journal.progress.intents).toEqual(ranges.slice(3));
  await journal.stored(journal.progress.intents[0] as Range);
  expect([journal.unwrittenBytes, await segmentsIn(place.folder)]).toEqual([0, []]);
});

test("a range that was stored before its predecessor is intended again after a restart", async () => {
  await using place = await aFolder();
  let ranges: Range[] = [];
  {
    await using journal = await openJournal(place.folder);
    ranges = await appendEach(journal, 2);
    for (const range of ranges) await journal.intend(range);
    await journal.stored(ranges[1] as Range);
  }
  await using journal = await openJournal(place.folder);
  expect(journal.progress.intents).toEqual(ranges);
});

test.each([
  ["a range under way", { segment: 1_000, from: 10, to: 20 }],
  ["nothing under way", null],
])("a progress file of the version before with %s is read", async (_name, intent) => {
  await using place = await aFolder();
  {
    await using journal = await openJournal(place.folder);
    await journal.append(aRecord("a"));
  }
  const text = JSON.stringify({ save: 8, written: { segment: 1_000, offset: 10 }, intent });
  const slot = `${crc32(text)} ${text}\n`.padEnd(4_096);
  await writeFile(join(place.folder, "progress"), slot + " ".repeat(4_096));
  await using journal = await openJournal(place.folder);
  expect(journal.recovery).toMatchObject({ progressLost: false, segmentGone: false });
  expect(journal.progress).toMatchObject({ written: { segment: 1_000, offset: 10 }, intents: intent === null ? [] : [intent] });
});

test("more ranges on their way than the progress file can hold are refused, and it stays whole", async () => {
  await using place = await aFolder();
  let kept = 0;
  {
    await using journal = await openJournal(place.folder);
    await journal.append(aRecord("a"));
    const intendAll = async (): Promise<void> => {
      for (; kept < 1_000; kept += 1) await journal.intend({ segment: 1_000, from: kept, to: kept + 1 });
    };
    await expect(intendAll()).rejects.toThrow("room");
    expect(kept).toBeGreaterThan(40);
  }
  await using journal = await openJournal(place.folder);
  expect(journal.recovery.progressLost).toBe(false);
  expect(journal.progress.intents).toHaveLength(kept);
});
