import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A separate disk in memory, mounted with `options` (of `mount -t tmpfs`), where this machine allows it. Disposing removes it. */
export function mountDisk(options: string): ({ path: string } & Disposable) | undefined {
  const path = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "ignore" });
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    return undefined;
  }
  return {
    path,
    [Symbol.dispose]: () => {
      spawnSync("umount", ["-l", path], { stdio: "ignore" });
      remove();
    },
  };
}
