import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox, spawnSignalbox } from "../../testing/signalbox.ts";

/** The folder in which benchmarks make theirs. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-benches-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLACE = { dataDir: "", portOffset: 0 };
const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith("signalbox-bench-"));

test("ingest is measured against the engine and the usual way, everything acknowledged is there once, and nothing is left behind", async () => {
  const { stdout, exitCode } = await runSignalbox(PLACE, ["bench", "ingest", "--light", "--seconds", "1", "--json"], { TMPDIR: folder });
  const { light } = JSON.parse(stdout);
  expect(light).toMatchObject({ lost: 0, duplicated: 0, errors: {} });
  const figures = [
    "spansPerSecond",
    "ackMsP50",
    "ackMsP99",
    "ackMsP99HalfLoad",
    "readableMsP99",
    "ofEngineLimit",
    "versusJsonEachRow",
    "diskPerOtlpByte",
    "diskPerOtlpByteOfAllTables",
  ];
  for (const name of figures) expect(light[name], name).toBeGreaterThan(0);
  expect(light.cpuMicrosecondsPerSpan.loadgen).toBeGreaterThan(0);
  expect(["machine", "collector thread", "clickhouse thread", "waiting"]).toContain(light.wall);
  expect({ exitCode, left: left() }).toEqual({ exitCode: 0, left: [] });
});

test("with collector and store killed, the store out of reach and requests sent twice, every acknowledged span is readable once, as it was sent, and reconciliation says so", async () => {
  const size = ["--kills", "5", "--spans", "6000", "--kill-every", "2", "--down-seconds", "3", "--seed", "7"];
  const { stdout, exitCode } = await runSignalbox(PLACE, ["bench", "ingest", "--chaos", ...size, "--json"], { TMPDIR: folder });
  const { chaos } = JSON.parse(stdout);
  expect(chaos).toMatchObject({
    acknowledged: 6_000,
    lost: 0,
    duplicated: 0,
    altered: 0,
    acts: { down: 1, clock: 2 },
    reconciliationAgrees: true,
  });
  expect(chaos.reconciliation).toMatchObject({ readable: 6_000, missing: 0 });
  expect(chaos.kills.collector + chaos.kills.clickhouse).toBe(5);
  expect(chaos.requests.sentTwice).toBeGreaterThan(0);
  expect(chaos.requests.updated).toBeGreaterThan(0);
  expect(chaos.recoveryMs.collector.max).toBeGreaterThan(0);
  expect({ exitCode, left: left() }).toEqual({ exitCode: 0, left: [] });
});

test("Ctrl-C ends a benchmark, and nothing is left behind", async () => {
  const child = spawnSignalbox(PLACE, ["bench", "ingest", "--heavy", "--seconds", "600"], { TMPDIR: folder });
  let words = "";
  const sending = Promise.withResolvers<void>();
  child.stderr.on("data", (chunk) => {
    words += chunk;
    if (words.includes("Saturated")) sending.resolve();
  });
  await sending.promise;
  child.kill("SIGINT");
  const [exitCode] = await once(child, "exit");
  expect({ exitCode, left: left() }).toEqual({ exitCode: 4, left: [] });
  expect(words).toContain("The benchmark was interrupted.");
});
