import { type FileHandle, open } from "node:fs/promises";
import { AppError, Checkpoint, isTornHead } from "@signalbox/model";

/** How many bytes from the end are searched for the last whole line: about twenty lines. */
const TAIL_BYTES = 16_384;

/** An append-only file of checkpoints, one line of JSON each. */
export interface HeadsFile extends AsyncDisposable {
  /** The last checkpoint in the file; null if there is none. */
  readonly last: Checkpoint | null;
  /** Appends checkpoints in order; resolves when they are durable. */
  append(checkpoints: readonly Checkpoint[]): Promise<void>;
}

/**
 * Opens or creates a heads file. A line that a crash left unfinished is terminated: its checkpoint was never confirmed, and is appended
 * again, whole.
 */
export async function openHeadsFile(path: string): Promise<HeadsFile> {
  const file = await open(path, "a+", 0o644);
  try {
    let last = await endTornLine(file, path);
    return {
      get last() {
        return last;
      },
      async append(checkpoints) {
        await file.appendFile(checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(""));
        await file.datasync();
        last = checkpoints.at(-1) ?? last;
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Terminates a line that a crash left unfinished (the file may be append-only), and reads the last whole one. */
async function endTornLine(file: FileHandle, path: string): Promise<Checkpoint | null> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const lines = buffer.subarray(0, bytesRead).toString().split("\n");
  const unfinished = lines.at(-1) ?? "";
  // The first piece may start in the middle of a line.
  const line = lines.slice(from === 0 ? 0 : 1).findLast((each) => each !== "" && !isTornHead(each));
  if (line === undefined && from > 0) throw notOurs(path);
  const last = line === undefined ? null : parseHead(line, path);
  if (unfinished !== "") {
    await file.appendFile("\n");
    await file.datasync();
  }
  return last;
}

function parseHead(line: string, path: string): Checkpoint {
  try {
    return Checkpoint.parse(JSON.parse(line));
  } catch (cause) {
    throw notOurs(path, cause);
  }
}

function notOurs(path: string, cause?: unknown): AppError {
  return new AppError("infrastructure", `The last line of ${path} is no checkpoint, so none is added.`, {
    cause,
    hint: "SIGNALBOX_CHECKPOINT_FILE names a file of its own.",
  });
}
