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

test("every query is asked, idle and while spans come in, and nothing is left behind", async () => {
  const flags = ["--spans", "20000", "--runs", "1", "--json"];
  const { stdout, exitCode } = await runSignalbox(PLACE, ["bench", "query", ...flags], { TMPDIR: folder });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ spans: 20_000 });
  for (const figures of [report, report.whileIngesting])
    for (const name of ["listMsP95", "traceMsP95", "chartMsP95", "textMsP95"]) expect(figures[name], name).toBeGreaterThan(0);
  for (const { name, store, procedure } of [...report.queries.idle, ...report.queries.whileIngesting])
    expect([name, store.runs, procedure.runs]).toEqual([name, 1, 1]);
  const left = readdirSync(folder).filter((name) => name.startsWith("signalbox-bench-"));
  expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
});
