import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readHeads } from "./headsFile.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-heads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HASH = "a".repeat(64);
const head = (number: number): string =>
  JSON.stringify({
    ...{ v: 1, number, time: "2026-11-27T12:00:00.000Z", size: 1, root: HASH, prevHash: HASH },
    ...{ tasks: 1, events: 1, erased: 0, keyId: HASH, hash: HASH, signature: "AAAA" },
  });

function headsIn(...lines: string[]): number[] {
  const file = join(folder, "heads.jsonl");
  writeFileSync(file, lines.join("\n"));
  return [...readHeads(file).keys()];
}

test("beginnings that crashes left are skipped where the whole line follows, and at the end", () => {
  const torn = head(2).slice(0, 40);
  expect(headsIn(head(1), torn, torn.slice(0, 9), head(2), head(3).slice(0, 30))).toEqual([1, 2]);
});

test("a file without a checkpoint is refused: nothing would be compared", () => {
  expect(() => headsIn("")).toThrow("holds no checkpoint");
  expect(() => headsIn(head(1).slice(0, 30))).toThrow("holds no checkpoint");
});

test("a line that is not what follows, and one that is no checkpoint, are refused by their number", () => {
  expect(() => headsIn(head(1), head(2).slice(0, 40), head(3))).toThrow(/Line 2 of/);
  expect(() => headsIn(head(1), "{}", head(2))).toThrow(/Line 2 of/);
});
