import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether another process holds the engine's store in `folder`: the engine locks a file there. Asked before the engine tries,
 * because the engine says its own piece to stderr. Where locks cannot be seen (outside Linux) the answer is no, and the engine refuses by itself.
 */
export function isStoreHeld(folder: string): boolean {
  const lockFile = join(folder, "status");
  if (!existsSync(lockFile) || !existsSync("/proc/locks")) return false;
  const { ino } = statSync(lockFile);
  return readFileSync("/proc/locks", "utf8")
    .split("\n")
    .some((line) => line.includes(" FLOCK ") && line.includes(`:${ino} `));
}
