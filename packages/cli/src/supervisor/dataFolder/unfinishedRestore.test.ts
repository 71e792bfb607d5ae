import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginRestore, requireRestored, unfinishedRestore } from "./unfinishedRestore.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("a folder that a backup is being restored into says so, and what to do", () => {
  expect(() => requireRestored(dataDir)).not.toThrow();
  using restoring = beginRestore(dataDir, "/backups/monday", () => {});
  expect(unfinishedRestore(dataDir)).toBe("/backups/monday");
  expect(() => requireRestored(dataDir)).toThrow(`restoring /backups/monday into it was interrupted`);
  restoring.finish();
});

test("what was restored to the end stays, without the mark", () => {
  const clear = vi.fn();
  {
    using restoring = beginRestore(dataDir, "/backups/monday", clear);
    restoring.finish();
  }
  expect(clear).not.toHaveBeenCalled();
  expect(unfinishedRestore(dataDir)).toBeUndefined();
});

test("what a failure left of a restore goes, and only then the mark", () => {
  const store = join(dataDir, "clickhouse");
  const restoreInPart = (): void => {
    using _ = beginRestore(dataDir, "/backups/monday", () => {
      expect(unfinishedRestore(dataDir)).toBe("/backups/monday");
      rmSync(store, { recursive: true });
    });
    mkdirSync(store);
    throw new Error("half of it");
  };
  expect(restoreInPart).toThrow("half of it");
  expect(readdirSync(dataDir)).toEqual([]);
});

test("the mark stays where what a failure left cannot go", () => {
  const restoring = beginRestore(dataDir, "/backups/monday", () => {
    throw new Error("a file is busy");
  });
  expect(() => restoring[Symbol.dispose]()).toThrow("a file is busy");
  expect(() => requireRestored(dataDir)).toThrow("is not whole");
});

test("a mark that cannot be written leaves no folder that looks restored", () => {
  const store = join(dataDir, "clickhouse");
  mkdirSync(store);
  mkdirSync(join(dataDir, "restore-unfinished"));
  expect(() => beginRestore(dataDir, "/backups/monday", () => rmSync(store, { recursive: true }))).toThrow();
  expect(existsSync(store)).toBe(false);
});
