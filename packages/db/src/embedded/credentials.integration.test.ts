import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { mountDisk } from "../testing/mountDisk.ts";
import { loadCredentials } from "./credentials.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-credentials-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("the passwords are made once, for the folder's owner alone", () => {
  const first = loadCredentials(dataDir);
  expect(loadCredentials(dataDir)).toEqual(first);
  expect(readdirSync(dataDir)).toEqual(["credentials.json"]);
  expect(statSync(join(dataDir, "credentials.json")).mode & 0o777).toBe(0o600);
});

test("reading them writes nothing, so that a full disk does not hide them", () => {
  loadCredentials(dataDir);
  const longAgo = new Date(0);
  utimesSync(dataDir, longAgo, longAgo);
  loadCredentials(dataDir);
  expect(statSync(dataDir).mtime).toEqual(longAgo);
});

test.each(["", "{", '{"postgres":"x"}'])("a file that holds %j is named, and none of its content is told", (text) => {
  writeFileSync(join(dataDir, "credentials.json"), text);
  expect(() => loadCredentials(dataDir)).toThrow(`${dataDir}/credentials.json does not hold the passwords of the embedded stores.`);
});

const fullDisk = mountDisk("size=4096");
afterAll(() => fullDisk?.[Symbol.dispose]());

test.skipIf(fullDisk === undefined)("a first start on a full disk leaves no half file (needs the right to mount a disk)", () => {
  const folder = fullDisk?.path ?? "";
  writeFileSync(join(folder, "filler"), Buffer.alloc(4096));
  expect(() => loadCredentials(folder)).toThrow("ENOSPC");
  expect(readdirSync(folder)).toEqual(["filler"]);
});
