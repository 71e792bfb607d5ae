import { createPrivateKey } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOG_START, newCheckpointKey, signCheckpoint } from "@signalbox/model";
import { afterAll, expect, test } from "vitest";
import { checkpointKey } from "./checkpointKey.ts";
import { keepHead, readKeptHead } from "./keptHead.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-head-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the last checkpoint is kept as it was signed, and a file with other content is refused", async () => {
  const path = join(folder, "a.head");
  expect(await readKeptHead(path)).toBeNull();
  const facts = {
    number: 1,
    time: "2026-11-27T00:00:00.000Z",
    size: 1,
    root: LOG_START,
    prevHash: LOG_START,
    tasks: 1,
    events: 1,
    erased: 0,
  };
  const checkpoint = signCheckpoint(facts, createPrivateKey(newCheckpointKey()));
  await keepHead(path, checkpoint);
  expect(await readKeptHead(path)).toEqual(checkpoint);
  writeFileSync(path, "");
  await expect(readKeptHead(path)).rejects.toMatchObject({ code: "infrastructure" });
});

test("a named key is never created, the data folder's own is created once", () => {
  const named = { path: join(folder, "named.key"), isNamed: true };
  expect(() => checkpointKey(named)).toThrow("cannot be read");
  expect(existsSync(named.path)).toBe(false);
  const own = { path: join(folder, "own.key"), isNamed: false };
  expect(checkpointKey(own).equals(checkpointKey(own))).toBe(true);
});
