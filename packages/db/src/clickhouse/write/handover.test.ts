import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHandover } from "./handover.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "signalbox-handover-")), "files");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

test("a file has all of the data, for its owner alone, until it is let go", async () => {
  const handover = openHandover(folder);
  const file = await handover.keep([Buffer.from("one "), Buffer.alloc(0), Buffer.from("two")]);
  expect(readFileSync(join(folder, file.name), "utf8")).toBe("one two");
  expect([statSync(folder).mode & 0o777, statSync(join(folder, file.name)).mode & 0o777]).toEqual([0o700, 0o600]);
  await file[Symbol.asyncDispose]();
  expect(readdirSync(folder)).toEqual([]);
});

test("what a process that was killed left goes with the next one's start, and nothing else", async () => {
  const { name } = await openHandover(folder).keep([Buffer.from("by the dead")]);
  writeFileSync(join(folder, "somebody's"), "own");
  expect(readdirSync(folder)).toContain(name);
  openHandover(folder);
  expect(readdirSync(folder)).toEqual(["somebody's"]);
});

test("what cannot be written is an error, and nothing of it stays", async () => {
  const handover = openHandover(folder);
  await expect(handover.keep([Buffer.from("one"), "no bytes" as never, null as never])).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});
