import { closeSync, copyFileSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";

/** The size at which a log becomes `<name>.log.1`, replacing the one before. */
export const LOG_BYTES_MAX = 20 * 1024 * 1024;

/** The size of a log's end that is searched for a part's last words. */
const TAIL_BYTES = 16 * 1024;

/** The pino level from which a line reports a failure. */
const PINO_ERROR = 50;

/** Opens a part's log for appending. `from` is where this run's lines begin. */
export function openPartLog(path: string): { fd: number; from: number } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  const fd = openSync(path, "a", 0o600);
  return { fd, from: fstatSync(fd).size };
}

/**
 * Rotates the log of a running part if it has grown large: the part keeps writing to its open file, so
 * the file is copied and emptied. A line written at that moment is lost. Returns whether it rotated.
 */
export function setLogAside(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= LOG_BYTES_MAX) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  return true;
}

/** The complete lines at the end of a log, none from before `from`. */
function tailOf(path: string, from: number): string {
  const fd = openSync(path, "r");
  try {
    const size = fstatSync(fd).size;
    const start = Math.max(from, size - TAIL_BYTES);
    const tail = Buffer.alloc(Math.max(0, size - start));
    readSync(fd, tail, 0, tail.length, start);
    // A tail that begins within a line drops the rest of that line.
    return (start > from ? tail.subarray(tail.indexOf("\n") + 1) : tail).toString("utf8");
  } finally {
    closeSync(fd);
  }
}

/**
 * The message in a log line that reports a failure: of a JSON line at level error
 * its message, of a plain line the line itself, unless it is a stack frame.
 */
function sentenceIn(line: string): string | undefined {
  if (!line.startsWith("{")) return /^\s|^}|^Node\.js v|^$/.test(line) ? undefined : line;
  try {
    const { level, msg } = JSON.parse(line);
    return typeof msg === "string" && level >= PINO_ERROR ? msg : undefined;
  } catch {
    return undefined;
  }
}

/** A part's last words: the latest line of this run that reports a failure. */
export function lastWords(path: string, from: number): string | undefined {
  return tailOf(path, from)
    .split("\n")
    .map((line) => sentenceIn(line.trimEnd()))
    .findLast((sentence) => sentence !== undefined);
}
