import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdirSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A named pipe into which the engine writes one result, in its own formatting and at the reader's pace. */
export type ResultPipe = AsyncDisposable & {
  path: string;
  stream: Readable;
  /** Call it when the engine is done: the stream then ends once everything is read. */
  finish: () => void;
};

/** A fixed set of named pipes, each for one result at a time. */
export type ResultPipes = { open: () => ResultPipe };

/** Creates `count` named pipes in `folder`, which only the owner can open. */
export function createResultPipes(folder: string, count: number): ResultPipes {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const free = Array.from({ length: count }, (_, index) => join(folder, String(index)));
  execFileSync("mkfifo", ["-m", "600", ...free]);
  return {
    open: () => {
      const path = free.pop();
      if (path === undefined) throw new Error("more results under way than pipes");
      return openPipe(path, () => free.push(path));
    },
  };
}

/**
 * The reader opens first, so that the engine never waits for one; a writer of ours stays open until
 * `finish`, so that the stream does not end before the engine has opened the pipe, or when it fails to.
 */
function openPipe(path: string, release: () => void): ResultPipe {
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const stream = new Socket({ fd: readFd, readable: true, writable: false });
  const closed = once(stream, "close");
  return {
    path,
    stream,
    finish: () => closeSync(writeFd),
    [Symbol.asyncDispose]: async () => {
      stream.destroy();
      await closed;
      release();
    },
  };
}
