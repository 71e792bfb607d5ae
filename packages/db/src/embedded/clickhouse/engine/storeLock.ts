import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether another process holds the engine's store in `folder`: the engine locks a file there
 * that contains its process id. Checked first, because the engine's own error goes to stderr.
 * Where locks cannot be seen (outside Linux) the answer is no, and the engine refuses by itself.
 */
export function isStoreHeld(folder: string): boolean {
  const lockFile = join(folder, "status");
  if (!existsSync(lockFile) || !existsSync("/proc/locks")) return false;
  const pid = /^PID: (\d+)$/m.exec(readFileSync(lockFile, "utf8"))?.[1];
  const { ino } = statSync(lockFile);
  return readFileSync("/proc/locks", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .some(([, kind, , , holder, file]) => kind === "FLOCK" && holder === pid && file?.endsWith(`:${ino}`));
}
