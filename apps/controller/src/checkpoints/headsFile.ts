import { type FileHandle, open } from "node:fs/promises";
import { AppError, Checkpoint } from "@signalbox/model";

/** No line of a heads file is longer: its last one is within so many bytes of the end. */
const LINE_BYTES_MAX = 4_096;

/** A file of checkpoints, a line of JSON for each, that only grows. */
export interface HeadsFile extends AsyncDisposable {
  /** The last checkpoint in it; null where there is none. */
  readonly last: Checkpoint | null;
  /** Adds checkpoints, in order; resolves when they are on disk. */
  append(checkpoints: readonly Checkpoint[]): Promise<void>;
}

/** Opens a heads file, or makes it. A line that a crash left unfinished goes: nobody was told that it is there. */
export async function openHeadsFile(path: string): Promise<HeadsFile> {
  const file = await open(path, "a+", 0o644);
  try {
    let last = await cutTornLine(file, path);
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

/** Cuts off a line without an end, and reads the one before it. */
async function cutTornLine(file: FileHandle, path: string): Promise<Checkpoint | null> {
  const { size } = await file.stat();
  const from = Math.max(0, size - 2 * LINE_BYTES_MAX);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf("\n") + 1;
  if (end === 0 && tail.length > LINE_BYTES_MAX) throw notOurs(path);
  if (end < tail.length) await file.truncate(from + end);
  const line = tail.subarray(0, end).toString().trimEnd().split("\n").at(-1) ?? "";
  if (line === "") return null;
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
