import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel, openIntentModel } from "@signalbox/intents";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";
import type { TrainReport } from "./trainReport.ts";

const THINGS = ["card", "account", "transfer", "statement", "loan", "cheque", "deposit", "pension", "fee", "rate", "branch", "limit"];
const ROWS = THINGS.flatMap((thing) => [
  [`please close my ${thing} for good`, "close"],
  [`I would like to open a new ${thing}`, "open"],
]);
const OFF_TOPIC = ["how tall is a giraffe", "sing a song", "what rhymes with orange"].map((text) => [text, "oos"]);

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-train-"));
  dataDir = join(folder, "home");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, rows: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof rows === "string" ? rows : JSON.stringify(rows));
  return path;
}

const train = (...args: string[]) => runSignalbox({ dataDir, portOffset: 0 }, ["train", "intents", ...args]);

test("a file is trained on, kept by its version, and scored on rows of its own", async () => {
  const data = write("small talk.json", ROWS);
  const test = write("test.jsonl", '{"text":"close my locker","intent":"close"}\n{"text":"I would like a new fee","intent":"open"}');
  const { stdout, stderr, exitCode } = await train(data, "--test", test, "--json");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  const report: TrainReport = JSON.parse(stdout);
  expect(report).toMatchObject({
    version: expect.stringMatching(/^small-talk-[0-9a-f]{16}$/),
    intents: 2,
    validation: "held_out",
    rows: { training: 24, validation: 2 },
    test: { rows: { inScope: 2, outOfScope: 0 }, accuracy: 1, outOfScopeRecall: null, alsoInData: 0 },
  });
  const model = await loadModel(join(dataDir, "models", "intents"), report.version);
  expect(openIntentModel(model)("please close it")).toMatchObject({ intent: "close" });
});

test("a folder's files are known by their names, its test rows are not looked at, and a person reads the figures", async () => {
  const data = join(folder, "talk");
  mkdirSync(data);
  for (const [name, rows] of Object.entries({ train: ROWS, val: ROWS.slice(0, 8), oos_val: OFF_TOPIC, dev: "not even JSON" }))
    write(join("talk", `${name}.json`), rows);
  const test = write("test.json", [...ROWS.slice(0, 1), ...OFF_TOPIC.slice(0, 1)]);
  const { stdout, exitCode } = await train(data, "--test", test, "--refuse", "1");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/trained on +24; calibrated on 8, and 3 out of scope/);
  expect(stdout).toMatch(/100\.00 % of the out-of-scope validation rows/);
  expect(stdout).toMatch(/seen before +2 of these/);
  expect(stdout).toMatch(/100\.00 % of the rows out of scope are not answered/);
});

test("the same data and seed make the same model again", async () => {
  const data = write("talk.json", ROWS);
  const versions = await Promise.all([train(data, "--json"), train(data, "--json"), train(data, "--json", "--seed", "7")]);
  const [first, second, third] = versions.map(({ stdout }) => JSON.parse(stdout).version);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test.each([
  ["a line that is wrong", () => [write("rows.csv", "text,intent\na,b\nc\n")], "rows.csv, line 3: there are 1 cells"],
  [
    "a wrong line of test rows",
    () => [write("rows.json", ROWS), "--test", write("test.csv", "text,intent\n,b\n")],
    "test.csv, line 2: text is empty",
  ],
  ["no such path", () => [join(folder, "nowhere")], "does not exist"],
  ["an empty folder", () => [folder], "no file of training rows"],
  [
    "one intent",
    () => [
      write(
        "rows.json",
        ROWS.filter(([, intent]) => intent === "open"),
      ),
    ],
    "one intent only",
  ],
  ["a name with a slash", () => [write("rows.json", ROWS), "--name", "../x"], "no name of a model"],
  ["a share above 1", () => [write("rows.json", ROWS), "--refuse", "80"], "from 0 to 1"],
])("%s is told in a sentence, with exit code 2", async (_what, args, message) => {
  const { stdout, stderr, exitCode } = await train(...args());
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toContain(message);
});
