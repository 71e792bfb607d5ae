import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mountDisk } from "../testing/mountDisk.ts";
import { requireWritable } from "./requireWritable.ts";

test("a folder that can be written is left as it was", () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
  requireWritable(folder);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

const fullDisk = mountDisk("size=4096");
afterAll(() => fullDisk?.[Symbol.dispose]());

test.skipIf(fullDisk === undefined)("a full disk is told, and left as it was too (needs the right to mount a disk)", () => {
  const folder = fullDisk?.path ?? "";
  writeFileSync(join(folder, "filler"), Buffer.alloc(4096));
  expect(() => requireWritable(folder)).toThrow(`The data folder ${folder} is on a disk that is full.`);
  expect(readdirSync(folder)).toEqual(["filler"]);
});
