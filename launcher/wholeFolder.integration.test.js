import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { wholeFolder } from "./wholeFolder.js";

let home;
let folder;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "signalbox-whole-"));
  folder = join(home, "data", "node");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (content) => async (draft) => writeFileSync(join(draft, "node"), content);

test("a fetch that is killed halfway leaves nothing that passes for a whole folder, and the next fetches anew", async () => {
  const killed = spawnSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { writeFileSync } from "node:fs";
     import { wholeFolder } from ${JSON.stringify(new URL("./wholeFolder.js", import.meta.url).href)};
     await wholeFolder(${JSON.stringify(folder)}, "node", async (draft) => {
       writeFileSync(draft + "/node", "ha");
       process.kill(process.pid, "SIGKILL");
     });`,
  ]);
  expect(killed.signal).toBe("SIGKILL");
  expect(existsSync(folder)).toBe(false);
  await wholeFolder(folder, "node", write("whole"));
  expect(readFileSync(join(folder, "node"), "utf8")).toBe("whole");
  expect(readdirSync(join(home, "data"))).toEqual(["node"]);
});

test("of two simultaneous first starts one wins, and the file that both use is never rewritten", async () => {
  const both = Promise.withResolvers();
  let started = 0;
  const fill = (content) => async (draft) => {
    started += 1;
    if (started === 2) both.resolve();
    await both.promise;
    await write(content)(draft);
  };
  await Promise.all([wholeFolder(folder, "node", fill("first")), wholeFolder(folder, "node", fill("second"))]);
  expect(readFileSync(join(folder, "node"), "utf8")).toBe("first");
  expect(readdirSync(join(home, "data"))).toEqual(["node"]);
});

test("an incomplete folder of an earlier version is replaced", async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  await wholeFolder(folder, "node", write("whole"));
  expect(readdirSync(folder)).toEqual(["node"]);
});

test("a fetch that fails says why and leaves nothing", async () => {
  const refuse = async () => {
    throw new Error("no network");
  };
  await expect(wholeFolder(folder, "node", refuse)).rejects.toThrow("no network");
  expect(readdirSync(join(home, "data"))).toEqual([]);
});

test("an existing folder is not fetched again", async () => {
  await wholeFolder(folder, "node", write("whole"));
  await wholeFolder(folder, "node", write("again"));
  expect(readFileSync(join(folder, "node"), "utf8")).toBe("whole");
});

/** A read-only disk, if this machine allows mounting one. */
function mountReadOnly() {
  const path = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  return spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", path], { stdio: "ignore" }).status === 0 ? path : undefined;
}

const disk = mountReadOnly();
afterAll(() => disk && spawnSync("umount", ["-l", disk]));

test.skipIf(disk === undefined)("a read-only disk is named before anything is fetched (needs the right to mount one)", async () => {
  const fill = vi.fn();
  await expect(wholeFolder(`${disk}/deep/data/node`, "node", fill)).rejects.toThrow(
    `The folder ${disk}/deep/data cannot be used: read-only file system. Choose another with SIGNALBOX_DATA_DIR.`,
  );
  expect(fill).not.toHaveBeenCalled();
});
