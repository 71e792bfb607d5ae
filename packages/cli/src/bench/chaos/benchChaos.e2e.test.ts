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

test("kills of a worker, of a store and of the supervisor lose and double nothing, dead letters neither, and nothing is left behind", async () => {
  const args = ["bench", "chaos", "--tasks", "40", "--kills", "3", "--seed", "1", "--json"];
  const { stdout, exitCode } = await runSignalbox({ dataDir: "", portOffset: 0 }, args, { TMPDIR: folder });
  const figures = JSON.parse(stdout);
  const { failing, edited, redriven } = figures;
  expect(Math.min(edited, failing - edited)).toBeGreaterThan(0);
  expect(redriven).toBeGreaterThan(edited);
  expect(figures).toMatchObject({
    ...{ accepted: 40, done: 40 - failing + edited, dead: failing - edited },
    ...{ lost: 0, unplanned: 0, jobsLeft: 0, doubled: 0, doubledEffects: 0, brokenChains: 0, incompleteTraces: 0 },
    ...{ kills: 3, killsOf: { worker: 1, supervisor: 1, clickhouse: 1 } },
  });
  const left = readdirSync(folder).filter((name) => name.startsWith("signalbox-bench-"));
  expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
});
