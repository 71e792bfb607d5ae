import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox } from "../../testing/signalbox.ts";

/** The folder in which the benchmark makes its own. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-benches-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLACE = { dataDir: "", portOffset: 0 };

test("tasks are served, a spike is taken, kills lose and double nothing, and nothing is left behind", async () => {
  const size = ["--seconds", "1", "--spike-seconds", "1", "--kills", "3", "--tasks-at-once", "32"];
  const flags = ["--store", "postgres", ...size, "--no-all-on", "--json"];
  const { stdout, exitCode } = await runSignalbox(PLACE, ["bench", "runtime", ...flags], { TMPDIR: folder });
  const { postgres, redis } = JSON.parse(stdout);
  expect(redis).toBeNull();
  expect(postgres).toMatchObject({ lost: 0, doubled: 0, broken: [], tasksPerMinuteAllOn: null });
  expect(postgres.tasksPerMinute).toBeGreaterThan(0);
  const { sustained, spike, kills } = postgres;
  for (const run of [sustained, kills]) {
    expect(run.accepted).toBeGreaterThan(0);
    expect(run.done + run.dead).toBe(run.accepted);
    expect(run).toMatchObject({ brokenChains: 0 });
    expect(run.chainsVerified).toBeGreaterThan(0);
  }
  expect(spike.accepted).toBeGreaterThan(0);
  expect(Object.values<number>(kills.kills).reduce((sum, times) => sum + times)).toBe(3);
  expect(kills.poison).toMatchObject({ isDeadLetter: true, bystandersDeadLettered: 0 });
  expect(kills.poison.deaths).toBeLessThanOrEqual(3);
  const left = readdirSync(folder).filter((name) => name.startsWith("signalbox-bench-"));
  expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
});
