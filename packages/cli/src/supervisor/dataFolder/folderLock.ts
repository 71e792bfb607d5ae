import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, newId } from "@signalbox/model";
import { z } from "zod";
import { processStart } from "../processes/processIdentity.ts";

/** The holder of a lock. `start` distinguishes the process from a later one with the same id. */
const Holder = z.object({ pid: z.number().int().positive(), start: z.string() });
type Holder = z.infer<typeof Holder>;

/** The result of an attempt: the lock is ours now (perhaps taken from a dead process), or somebody else's. */
export type LockAttempt = { kind: "taken"; lock: FolderLock; fromTheDead: boolean } | { kind: "held"; pid: number };

/** A lock that this process holds until it releases it or dies. */
export interface FolderLock extends Disposable {
  /** Removes the lock if it is still ours. */
  release(): void;
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The process id in a lock's text, if that process still lives. A text without one was not written by us, and nobody holds the lock. */
export function livingHolder(text: string): number | undefined {
  const holder = parseHolder(text);
  return holder !== undefined && processStart(holder.pid) === holder.start ? holder.pid : undefined;
}

/**
 * Atomically puts a file with our name at `path`, so that nobody ever reads
 * half a lock. Returns false if `mayReplace` is not set and a lock exists.
 */
function place(path: string, text: string, mayReplace: boolean): boolean {
  const draft = `${path}.${newId()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    if (mayReplace) renameSync(draft, path);
    else linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes the lock at `path` for this process, or returns its holder. A lock whose process is dead is replaced under a
 * second lock beside it: otherwise two starters could both find the dead one and each remove the other's new lock.
 */
export function tryLock(path: string): LockAttempt {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const ours = JSON.stringify({ pid: process.pid, start: processStart(process.pid), nonce: newId() });
  const lock: FolderLock = {
    release: () => {
      if (readLock(path) === ours) rmSync(path, { force: true });
    },
    [Symbol.dispose]: () => lock.release(),
  };

  for (;;) {
    if (place(path, ours, false)) return { kind: "taken", lock, fromTheDead: false };
    const found = readLock(path);
    if (found === undefined) continue;
    const pid = livingHolder(found);
    if (pid !== undefined) return { kind: "held", pid };

    const takeover = tryLock(`${path}.takeover`);
    if (takeover.kind === "held") return takeover;
    using _guard = takeover.lock;
    if (readLock(path) !== found) continue;
    place(path, ours, true);
    return { kind: "taken", lock, fromTheDead: true };
  }
}

/** The id of the living process that holds the lock at `path`, if there is one. */
export function lockHolder(path: string): number | undefined {
  const text = readLock(path);
  return text === undefined ? undefined : livingHolder(text);
}

/** The error for a start on a folder that another Signalbox uses. */
export function folderLocked(dataDir: string, pid: number): AppError {
  return new AppError("infrastructure", `Another Signalbox (process ${pid}) is running on the data folder ${dataDir}.`, {
    hint: "Stop it first, or start this one on another folder (--data-dir) and other ports (--port-offset).",
  });
}
