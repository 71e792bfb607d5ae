import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./places.js";

/** No service listens on port 9 of this machine. */
const UNREACHABLE = { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };

test("without a registry to install from, the tests of a fresh clone have failed", async () => {
  const clone = await mkdtemp(join(tmpdir(), "signalbox-clone-"));
  try {
    for (const name of ["launcher", "package.json", "package-lock.json"])
      await cp(join(root, name), join(clone, name), { recursive: true });
    const env = { ...process.env, ...UNREACHABLE, npm_config_cache: join(clone, "cache"), SIGNALBOX_DATA_DIR: undefined };
    const child = spawn(process.execPath, [join(clone, "launcher", "test.js")], { env, stdio: ["ignore", "pipe", "ignore"] });
    let told = "";
    child.stdout.on("data", (chunk) => {
      told += chunk;
    });
    expect(await once(child, "close")).toEqual([4, null]);
    expect(told.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed, 0 skipped");
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
});
