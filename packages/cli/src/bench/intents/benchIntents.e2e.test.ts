import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
const WHO = ["my son", "a student", "my wife", "a friend", "a tourist", "my boss", "a pensioner", "my niece", "a colleague", "my aunt"];
const rowsOf = (who: readonly string[]): [string, string][] =>
  who.flatMap((one) => [
    [`how old must ${one} be to open an account`, "age_limit"],
    [`the card for ${one} was swallowed by the machine`, "card_swallowed"],
    [`please tell ${one} a joke about the weather`, "tell_a_joke"],
  ]);

test("a model is trained, its rows are tasks, and an intent that no plan serves fails the check by name", async () => {
  const [data, rows] = ["data.json", "rows.json"].map((name) => join(folder, name)) as [string, string];
  writeFileSync(data, JSON.stringify(rowsOf(WHO)));
  writeFileSync(rows, JSON.stringify(rowsOf(["my uncle", "a neighbour", "my mother", "a customer"])));
  const { stdout, stderr, exitCode } = await runSignalbox(PLACE, ["bench", "intents", data, "--test", rows, "--rows", "9", "--json"], {
    TMPDIR: folder,
  });
  expect(stdout, stderr).not.toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ version: expect.stringMatching(/^data-/), domain: "banking", rows: { inScope: 9, outOfScope: 0 }, accuracy: 1 },
    tasks: { notUnderstood: 0 },
    intents: { inRows: 3, planned: 2, withoutPlan: ["tell_a_joke"], neverReached: [] },
  });
  const left = readdirSync(folder).filter((name) => name.startsWith("signalbox-bench-"));
  expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] });
});
