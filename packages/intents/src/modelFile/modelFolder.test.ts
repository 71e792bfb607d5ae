import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type IntentModel, openIntentModel } from "../intentModel.ts";
import { trainSmallTalk } from "../testing/smallTalk.ts";
import { sha256 } from "./modelFile.ts";
import { keepModel, loadModel } from "./modelFolder.ts";

let folder: string;
let model: IntentModel;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-intents-"));
  model = await trainSmallTalk();
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a model comes back as it was, and says the same of every text", async () => {
  const { version } = await keepModel(join(folder, "new", "folder"), "small-talk", model);
  const loaded = await loadModel(join(folder, "new", "folder"), version);
  expect(loaded).toEqual(model);
  for (const text of ["close it", "", "nothing of it"]) expect(openIntentModel(loaded)(text)).toEqual(openIntentModel(model)(text));
});

test("its version is its name and the beginning of its file's SHA-256; the same model is kept once", async () => {
  const kept = await keepModel(folder, "small-talk", model);
  expect(await keepModel(folder, "small-talk", model)).toEqual(kept);
  expect(kept.sha256).toBe(sha256(readFileSync(kept.path)));
  expect(kept.version).toBe(`small-talk-${kept.sha256.slice(0, 16)}`);
  expect(readdirSync(folder)).toEqual([`${kept.version}.intents`]);
});

test("one flipped bit anywhere is noticed", async () => {
  const { path, version } = await keepModel(folder, "small-talk", model);
  const whole = readFileSync(path);
  for (let round = 0; round < 40; round += 1) {
    const damaged = Buffer.from(whole);
    const at = Math.floor((round * (whole.length - 1)) / 39);
    damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (round % 8)), at);
    writeFileSync(path, damaged);
    await expect(loadModel(folder, version), `byte ${at}`).rejects.toMatchObject({ code: "invalid_input" });
  }
});

test.each([
  ["is damaged", (bytes: Buffer) => bytes.subarray(0, -1)],
  ["is damaged", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x")])],
  ["is no model file", () => Buffer.from("")],
  ["is no model file", () => Buffer.from("text,intent\n")],
  ["format", (bytes: Buffer) => Buffer.concat([Buffer.from("signalbox-intents 2"), bytes.subarray(19)])],
  ["does not say what it is made of", () => withBody(Buffer.from("no json\n"))],
  ["does not say what it is made of", () => withBody(Buffer.from('{"labels":[]}\n'))],
])("a file that cannot be trusted is refused with a sentence: it %s", async (why, spoil) => {
  const { path, version } = await keepModel(folder, "small-talk", model);
  writeFileSync(path, spoil(readFileSync(path)));
  await expect(loadModel(folder, version)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(new RegExp(`^The model ${version} .*${why}`)),
  });
});

/** A file with a valid checksum, whatever its content. */
function withBody(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`signalbox-intents 1 ${sha256(body)}\n`), body]);
}

test("a whole file with numbers missing is refused", async () => {
  const { path, version } = await keepModel(folder, "small-talk", model);
  const bytes = readFileSync(path);
  writeFileSync(path, withBody(bytes.subarray(bytes.indexOf("\n") + 1, -4)));
  await expect(loadModel(folder, version)).rejects.toThrow("as many numbers");
});

test("a file under another's name is refused", async () => {
  const { path, version } = await keepModel(folder, "small-talk", model);
  const other = await keepModel(folder, "small-talk", await trainSmallTalk({ seed: 2 }));
  renameSync(path, other.path);
  await expect(loadModel(folder, other.version)).rejects.toThrow("another one than its name says");
  await expect(loadModel(folder, version)).rejects.toMatchObject({ code: "not_found", hint: expect.stringContaining(other.version) });
});

test.each(["../../etc/passwd", "small-talk", "", "small-talk-XYZ", "a/b-0123456789abcdef"])("%j is no version", async (version) => {
  await expect(loadModel(folder, version)).rejects.toMatchObject({ code: "invalid_input" });
});

test("a folder without models says how to make one", async () => {
  await expect(loadModel(join(folder, "none"), "small-talk-0123456789abcdef")).rejects.toMatchObject({
    code: "not_found",
    hint: expect.stringContaining("train intents"),
  });
});
