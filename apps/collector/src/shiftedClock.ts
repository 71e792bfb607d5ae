import { readFileSync } from "node:fs";

/** How often a shift is looked for, in milliseconds. */
const LOOK_EVERY_MS = 50;

/**
 * A clock that is ahead of the machine's by what a file says (milliseconds, negative for behind; no file is none), and jumps when that
 * changes: for those who try what happens when a machine's time is set.
 */
export function shiftedClock(path: string): () => number {
  let shiftMs = 0;
  const look = (): void => {
    shiftMs = readShift(path) ?? shiftMs;
  };
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
  return () => Date.now() + shiftMs;
}

/** Null where there is nothing to read, or only half of it yet. */
function readShift(path: string): number | null {
  try {
    const text = readFileSync(path, "utf8");
    return /^-?\d+\n$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
