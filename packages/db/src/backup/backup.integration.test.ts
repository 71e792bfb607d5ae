import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createClickHouse } from "../clickhouse/index.ts";
import { readRows } from "../clickhouse/readRows.ts";
import { leaveTextsToEngine, startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, createProject } from "../prisma/index.ts";
import {
  aChain,
  aDeadLetter,
  aSpan,
  stateContents,
  storeDeadLetters,
  storeDecisions,
  storeScores,
  storeSpans,
  telemetryContents,
} from "../testing/index.ts";
import { backUp, openBackup, restoreBackup } from "./index.ts";

let source: TestStores;
let folder: string;

/** A trained model, named by the hash of its content. */
const MODEL = "banking77-0123456789abcdef.intents";

const silent = { begin: () => {}, done: () => {} };
const making = { signalbox: "0.1.0", now: Date.now, journalWritten: async () => "written" as const, progress: silent };

beforeAll(async () => {
  source = await startTestStores();
  folder = mkdtempSync(join(tmpdir(), "signalbox-backup-"));
  // As at every start of the embedded store: its long texts have no codec but the engine's own.
  await leaveTextsToEngine(source.clickhouseUrl);
  const clickhouse = createClickHouse(source.clickhouseUrl);
  const spans = Array.from({ length: 500 }, (_, index) =>
    aSpan({ trace: `t${index}`, session: `s${index % 7}`, user: `u${index % 11}`, atMs: index * 3_600_000, kind: "llm", costUsd: 0.25 }),
  );
  await storeSpans(clickhouse, spans);
  await storeSpans(clickhouse, spans.slice(0, 50));
  await storeDecisions(clickhouse, aChain("t0", [{}, {}]));
  const score = { project: "default", spanId: null, name: "tone", label: "", explanation: "", scorer: "s", value: 1 };
  await storeScores(clickhouse, [{ ...score, traceId: spans[0]?.traceId ?? "", time: new Date().toISOString() }]);
  await clickhouse.close();
  await using prisma = createPrisma(source.databaseUrl, { connectionsMax: 1 });
  await createProject(prisma, { name: "shop", organisation: "acme", environments: ["staging", "production"] }, new Date());
  await storeDeadLetters(prisma, [aDeadLetter()]);
  // Characters that COPY has to escape.
  await prisma.organisation.create({ data: { name: 'back\\slash, tab\t, line\n and "quotes"', createdAt: new Date() } });
  mkdirSync(join(folder, "models"));
  writeFileSync(join(folder, "models", MODEL), "weights");
  writeFileSync(join(folder, "models", `${MODEL}.half`), "wei");
  await backUp({ ...source, modelFolder: join(folder, "models") }, join(folder, "made"), making);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await source[Symbol.asyncDispose]();
});

test("what is restored is what was backed up, row for row and model for model, and nothing is left beside the store", async () => {
  await using target = await startTestStores({ isMigrated: false });
  const manifest = await openBackup(join(folder, "made"), silent);
  const modelFolder = join(folder, "restored", "models");
  await restoreBackup({ ...target, modelFolder }, join(folder, "made"), manifest, silent);
  expect(readdirSync(modelFolder)).toEqual([MODEL]);
  expect(readFileSync(join(modelFolder, MODEL), "utf8")).toBe("weights");
  const telemetry = await telemetryContents(source.clickhouseUrl);
  expect(await telemetryContents(target.clickhouseUrl)).toEqual(telemetry);
  expect(telemetry).toMatchObject({ spans: expect.stringMatching(/^500 /), trace_keys: expect.stringMatching(/^1000 /) });
  const state = await stateContents(source.databaseUrl);
  expect(await stateContents(target.databaseUrl)).toEqual(state);
  expect(state).toMatchObject({ project: expect.stringMatching(/^2 /) });

  const clickhouse = createClickHouse(target.clickhouseUrl);
  await storeSpans(clickhouse, [aSpan({ trace: "after" })]);
  const databases = "SELECT name FROM system.databases WHERE name LIKE '%backup'";
  expect(await readRows(clickhouse, { sql: databases, params: {} }, z.object({ name: z.string() }))).toEqual([]);
  await clickhouse.close();
  expect(await telemetryContents(target.clickhouseUrl)).toMatchObject({ trace_times: expect.stringMatching(/^501 /) });

  await expect(restoreBackup(target, join(folder, "made"), manifest, silent)).rejects.toMatchObject({ code: "conflict" });
});

test("a backup holds rows and no codecs: what the embedded engine compresses as it sees fit has another store's own codecs there", async () => {
  await using target = await startTestStores({ isMigrated: false });
  await restoreBackup(target, join(folder, "made"), await openBackup(join(folder, "made"), silent), silent);
  const codecsOf = async ({ clickhouseUrl }: TestStores) => {
    const clickhouse = createClickHouse(clickhouseUrl);
    const sql =
      "SELECT DISTINCT compression_codec AS codec FROM system.columns WHERE table = 'spans' AND database = currentDatabase() AND name LIKE '%_messages'";
    const found = await readRows(clickhouse, { sql, params: {} }, z.object({ codec: z.string() }));
    await clickhouse.close();
    return found.map(({ codec }) => codec);
  };
  expect([await codecsOf(source), await codecsOf(target)]).toEqual([[""], ["CODEC(ZSTD(1))"]]);
  expect(await telemetryContents(target.clickhouseUrl)).toEqual(await telemetryContents(source.clickhouseUrl));
});

test("a file that lost its last byte is named, and so is one with another byte", async () => {
  await backUp(source, join(folder, "cut"), making);
  const [name = ""] = readdirSync(join(folder, "cut", "clickhouse")).filter((file) => file.startsWith("spans."));
  const file = join(folder, "cut", "clickhouse", name);
  const whole = readFileSync(file);
  truncateSync(file, whole.length - 1);
  await expect(openBackup(join(folder, "cut"), silent)).rejects.toThrow(`clickhouse/${name} of the backup in`);
  whole[whole.length >> 1] = (whole[whole.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, whole);
  await expect(openBackup(join(folder, "cut"), silent)).rejects.toThrow("is not what was written");
});

test("a backup of a version that has a migration more is refused, with what to do", async () => {
  await backUp(source, join(folder, "newer"), making);
  const file = join(folder, "newer", "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.clickhouse.migrations.push({ name: "9999_later", checksum: "0".repeat(64) });
  writeFileSync(file, JSON.stringify(manifest));
  await expect(openBackup(join(folder, "newer"), silent)).rejects.toMatchObject({ hint: expect.stringContaining("version that made it") });
});

test("a backup that fails leaves no folder that looks like one", async () => {
  const failing = { ...making, journalWritten: () => Promise.reject(new Error("the collector is away")) };
  await expect(backUp(source, join(folder, "failed"), failing)).rejects.toThrow("the collector is away");
  expect(readdirSync(join(folder, "failed"))).toEqual([]);
  await expect(openBackup(join(folder, "failed"), silent)).rejects.toMatchObject({ code: "not_found" });
});
