import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { embeddedClickHouseUrl, embeddedDatabaseUrl } from "@signalbox/db/embedded";
import { type Contents, stateContents, telemetryContents } from "@signalbox/db/testing";
import { portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRunState } from "../supervisor/stateFile.ts";
import { until } from "../testing/processes.ts";
import { newPlace, type Place, runSignalbox, spawnSignalbox, upSignalbox } from "../testing/signalbox.ts";

/** Tables that are computed anew from the rows, minutes after these. */
const MADE_LATER = ["trend_rollups", "trend_minutes", "trace_verdicts"];

/** Tables that change on their own: versions report that they are alive, decisions are signed, and rejected telemetry is searched for. */
const GOES_ON = ["agent_version", "checkpoint", "checkpoint_entry", "checkpoint_news", "ingest_watermark"];

let folder: string;
let place: Place;
let backup = "";
let before: Awaited<ReturnType<typeof contents>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-backup-"));
  place = await newPlace();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  place[Symbol.dispose]();
});

async function contents({ dataDir, portOffset }: Place): Promise<{ state: Contents; telemetry: Contents }> {
  const telemetry = await telemetryContents(embeddedClickHouseUrl(dataDir, portOffset));
  for (const name of MADE_LATER) delete telemetry[name];
  const state = await stateContents(embeddedDatabaseUrl(dataDir, portOffset));
  for (const name of GOES_ON) delete state[name];
  return { state, telemetry };
}

async function json(args: string[]) {
  const { stdout, stderr, exitCode } = await runSignalbox(place, [...args, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: expect.any(String), exitCode: 0 });
  return JSON.parse(stdout);
}

test("what was acknowledged a moment before a backup is there after the data folder is gone and restored", async () => {
  {
    // No further demo tasks: nothing else may change between the two backups that are compared.
    await using _running = await upSignalbox(place, ["--demo-tasks", "3"], { SIGNALBOX_DEMO_PAUSE_MS: String(24 * 3_600_000) });
    const endpoint = `http://127.0.0.1:${portsAt(place.portOffset).otlpHttp}`;
    const load = await json(["loadgen", "--endpoint", endpoint, "--rate", "2000", "--duration", "3"]);
    const { value } = await until("a backup while nothing else changes", 120_000, async () => {
      const made = await json(["backup", join(folder, String(readdirSync(folder).length))]);
      const seen = await contents(place);
      const next = await json(["backup", join(folder, String(readdirSync(folder).length))]);
      return isDeepStrictEqual(await contents(place), seen) && { seen, made, next };
    });
    expect(value.made).toMatchObject({ journal: "written" });
    expect(value.made.rows.clickhouse.spans).toBeGreaterThanOrEqual(load.spans.acknowledged);
    before = value.seen;
    backup = value.next.folder;
    const again = await runSignalbox(place, ["backup", backup]);
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining("is not empty")]);
    const onTop = await runSignalbox(place, ["restore", backup]);
    expect([onTop.exitCode, onTop.stderr]).toEqual([2, expect.stringContaining("choose it with --data-dir")]);
  }
  rmSync(place.dataDir, { recursive: true });

  const restored = await json(["restore", backup]);
  expect(restored.dataDir).toBe(place.dataDir);
  await using _running = await upSignalbox(place, ["--no-demo"]);
  expect(await contents(place)).toEqual(before);
  const { ready, reconciliation } = await json(["status"]);
  expect({ ready, missing: reconciliation.map(({ missing }: { missing: number }) => missing) }).toEqual({
    ready: true,
    missing: reconciliation.map(() => 0),
  });
});

test("a restore that is killed leaves a folder that no start opens, until it is restored again", async () => {
  using half = await newPlace();
  const killed = spawnSignalbox(half, ["restore", backup]);
  await until("stores that are being filled", 60_000, () => readRunState(half.dataDir)?.ready);
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const start = await runSignalbox(half, ["up", "--no-demo"]);
  expect([start.exitCode, start.stderr]).toEqual([4, expect.stringContaining("is not whole")]);
  expect(start.stderr).toContain(`./signalbox restore ${backup} --data-dir ${half.dataDir}`);
  const again = await runSignalbox(half, ["restore", backup]);
  expect({ stderr: again.stderr, exitCode: again.exitCode }).toEqual({ stderr: expect.any(String), exitCode: 0 });
  await using _running = await upSignalbox(half, ["--no-demo"]);
  expect(await contents(half)).toEqual(before);
});

test("a restore that fails takes away what it had restored, and its mark", async () => {
  using target = await newPlace();
  const short = join(folder, "short");
  cpSync(backup, short, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(short, "manifest.json"), "utf8"));
  manifest.postgres.tables.at(-1).rows += 1;
  writeFileSync(join(short, "manifest.json"), JSON.stringify(manifest));

  const { exitCode, stderr } = await runSignalbox(target, ["restore", short]);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining("and the backup has")]);
  const left = readdirSync(target.dataDir);
  expect(left.filter((name) => ["postgres", "clickhouse", "restore-unfinished"].includes(name))).toEqual([]);
});

test("a folder that holds no backup is said, and nothing is made", async () => {
  using empty = await newPlace();
  const { exitCode, stderr } = await runSignalbox(empty, ["restore", folder]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("There is no backup in")]);
  expect(readdirSync(empty.dataDir)).toEqual([]);
});
