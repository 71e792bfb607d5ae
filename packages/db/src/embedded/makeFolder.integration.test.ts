import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { mountDisk } from "../testing/mountDisk.ts";
import { dataFolderUnusable } from "./dataFolderFailure.ts";
import { makeFolder } from "./makeFolder.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The error message for a folder that cannot be created. */
function whyNot(folder: string): unknown {
  try {
    makeFolder(folder);
  } catch (error) {
    return dataFolderUnusable(error, folder);
  }
  throw new Error(`${folder} was made`);
}

test("a folder and those above it are made for their owner alone, and one that is there stays", () => {
  const folder = join(home, "deep", "data");
  makeFolder(folder);
  makeFolder(folder);
  expect([folder, join(home, "deep")].map((made) => statSync(made).mode & 0o777)).toEqual([0o700, 0o700]);
});

test("a file that is in the way is told from a folder inside a file", () => {
  writeFileSync(join(home, "file"), "");
  expect(whyNot(join(home, "file"))).toMatchObject({ message: `The data folder ${home}/file is a file, not a folder.` });
  expect(whyNot(join(home, "file", "deep", "data"))).toMatchObject({
    message: expect.stringContaining("is inside something that is not a"),
  });
});

const readOnlyDisk = mountDisk("ro");
afterAll(() => readOnlyDisk?.[Symbol.dispose]());

describe.skipIf(readOnlyDisk === undefined)("on a read-only disk (needs the right to mount one)", () => {
  test.each(["data", "deep/data"])("%s is told to be on a read-only disk", (name) => {
    const folder = join(readOnlyDisk?.path ?? "", name);
    expect(whyNot(folder)).toMatchObject({ message: `The data folder ${folder} is on a read-only disk.` });
    expect(existsSync(folder)).toBe(false);
  });
});
