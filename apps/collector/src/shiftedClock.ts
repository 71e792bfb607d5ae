import { readFileSync } from "node:fs";

/** How often the file is read, in milliseconds. */
const LOOK_EVERY_MS = 50;

/**
 * A clock that is ahead of the machine's by the number of milliseconds in a file (negative: behind; no file: none), and jumps when the file
 * changes. It is for testing what happens when a machine's clock is set.
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

/** The shift in milliseconds; null if there is no file, or only half of it yet. */
function readShift(path: string): number | null {
  try {
    const text = readFileSync(path, "utf8");
    return /^-?\d+\n$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
