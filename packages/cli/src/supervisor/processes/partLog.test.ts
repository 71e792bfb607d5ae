import { appendFileSync, closeSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOG_BYTES_MAX, lastWords, openPartLog } from "./partLog.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-log-"));
  path = join(folder, "logs", "worker.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function startRun(): number {
  const { fd, from } = openPartLog(path);
  closeSync(fd);
  return from;
}

test("a log is kept over starts, for its owner alone", () => {
  startRun();
  appendFileSync(path, "first run\n");
  expect(startRun()).toBe(10);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a log that has grown large steps aside", () => {
  startRun();
  writeFileSync(`${path}.1`, "the one before");
  truncateSync(path, LOG_BYTES_MAX + 1);
  expect(startRun()).toBe(0);
  expect(statSync(`${path}.1`).size).toBe(LOG_BYTES_MAX + 1);
  expect(existsSync(`${path}.2`)).toBe(false);
});

test("the last words are the latest error of this run, without the frames of its stack", () => {
  startRun();
  appendFileSync(path, "an older run's end\n");
  const from = startRun();
  expect(lastWords(path, from)).toBeUndefined();
  appendFileSync(path, '{"level":30,"msg":"listening"}\n');
  expect(lastWords(path, from)).toBeUndefined();
  appendFileSync(path, 'Error: no such table\n    at query (store.ts:1:1) {\n  code: "42P01"\n}\n\nNode.js v24.21.0\n');
  expect(lastWords(path, from)).toBe("Error: no such table");
  appendFileSync(path, '{"level":60,"msg":"The disk is full."}\n{"level":30,"msg":"stopping"}\n');
  expect(lastWords(path, from)).toBe("The disk is full.");
});

test("only the end of a long log is read, and a line whose beginning is not in it is no last word", () => {
  const from = startRun();
  appendFileSync(path, `    at ${"x".repeat(100_000)} (store.ts:1:1)\n    at main (main.ts:1:1)\n`);
  expect(lastWords(path, from)).toBeUndefined();
  appendFileSync(path, "last\n");
  expect(lastWords(path, from)).toBe("last");
});

test("the first line of a run is whole, whatever stood before it", () => {
  startRun();
  appendFileSync(path, "an older run's end\n");
  const from = startRun();
  appendFileSync(path, "the only line\n");
  expect(lastWords(path, from)).toBe("the only line");
});
