import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox } from "../../testing/signalbox.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-bench-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bench = (...args: string[]) => runSignalbox({ dataDir: folder, portOffset: 0 }, ["bench", "memory", ...args]);

function ownVectors(lines: readonly string[]): string {
  const path = join(folder, "vectors.jsonl");
  writeFileSync(path, lines.join("\n"));
  return path;
}

test("clustered and uniform vectors are measured beside comparing with all", async () => {
  const { stdout, exitCode } = await bench("--vectors", "300", "--dimensions", "16", "--queries", "20", "--json");
  const report = JSON.parse(stdout);
  const figures = {
    ...{ vectors: 300, dimensions: 16, queries: 20, recallAt10: 1, buildSeconds: expect.any(Number) },
    ...{
      queriesPerSecond: expect.any(Number),
      queriesPerSecondPerCore: expect.any(Number),
      exactQueriesPerSecondPerCore: expect.any(Number),
    },
  };
  expect({ report, exitCode }).toEqual({ report: { store: "embedded", clustered: figures, uniform: figures }, exitCode: 0 });
});

test("vectors of one's own file are measured, and a person reads a table", async () => {
  const lines = Array.from({ length: 40 }, (_, at) => JSON.stringify(at % 2 === 0 ? [at, 1, 40 - at] : { id: at, vector: [at, 2, 3] }));
  const { stdout, exitCode } = await bench("--file", ownVectors(lines));
  expect(stdout).toMatch(/^embedded +vectors +recall@10 .*\nown +36 × 3 +1\.0000/);
  expect(exitCode).toBe(0);
});

test.each([
  ["no such file", () => "/nowhere.jsonl", "cannot be read (ENOENT)"],
  ["what is no JSON", () => ownVectors(["[1,2]", "[1,"]), "line 2: it is no JSON"],
  ["what is no vector", () => ownVectors(['{"vectors":[1,2]}']), "line 1: it is neither"],
  ["different lengths", () => ownVectors(["[1,2]", "[1,2,3]"]), "different lengths"],
  ["too few", () => ownVectors(["[1,2]"]), "ten are the least"],
])("a file that is %s is told in a sentence, with exit code 2", async (_what, path, message) => {
  const { stdout, stderr, exitCode } = await bench("--file", path());
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toContain(message);
});
