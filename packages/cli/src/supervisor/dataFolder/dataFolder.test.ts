import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataFolder } from "./dataFolder.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("creates the folder for its owner alone, and leaves nothing in it", () => {
  const dataDir = join(folder, "deep", "data");
  openDataFolder(dataDir, 0);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dataDir)).toEqual([]);
});

test("says that a file is in the way", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => openDataFolder(file, 0)).toThrow(`The data folder ${file} is a file, not a folder.`);
  expect(() => openDataFolder(join(file, "data"), 0)).toThrow("is inside something that is not a folder");
});

test.skipIf(!existsSync("/sys/kernel"))("says that this user may not write there", () => {
  expect(() => openDataFolder("/sys/signalbox", 0)).toThrow(
    /^The data folder \/sys\/signalbox (may not be written by this user|is on a read-only disk)\.$/,
  );
});

test("says how much room is missing", () => {
  expect(() => openDataFolder(folder, 2 ** 60)).toThrow(/is on a disk with \d+ MiB free; Signalbox needs \d+ MiB to start\.$/);
});
