import type { Readable } from "node:stream";
import { BufferPool } from "../bufferPool.ts";
import { BODY_BYTES_MAX } from "../decode/index.ts";

/** A limit on the memory shared by the bodies of all open requests, in bytes. */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes `bytes` if they are available; returns whether they were. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** Two budgets, so that unauthenticated senders cannot use up the room of those with a key. */
export interface BodyBudgets {
  /** For bodies whose project is known. */
  known: BodyBudget;
  /** For bodies that must be read before their project is known. */
  strangers: BodyBudget;
}

/** The largest body of an unauthenticated sender, and below, the total of all such bodies, in bytes. */
export const STRANGER_BYTES_MAX = 8 * 1024 * 1024;
const STRANGERS_BYTES_MAX = 4 * STRANGER_BYTES_MAX;

/** `bytes` is the budget of known senders; that of strangers is additional. */
export function openBudgets(bytes: number): BodyBudgets {
  return { known: new BodyBudget(bytes), strangers: new BodyBudget(Math.min(bytes, STRANGERS_BYTES_MAX)) };
}

/** Memory kept for reuse, in bytes. Concurrent bodies rarely exceed it in total, and the rest is returned to the system. */
const POOL_BYTES_MAX = 64 * 1024 * 1024;

const pool = new BufferPool(POOL_BYTES_MAX);

/**
 * A body in memory, or the reason why there is none (`aborted`: the sender hung up). It holds its share of the budget until disposed, and
 * must not be read after that.
 */
export type ReadBody = Disposable & ({ kind: "body"; body: Buffer } | { kind: "too_large" } | { kind: "overloaded" } | { kind: "aborted" });

/** A request as a stream of its body; HTTP/1 may announce the length. */
type BodyStream = Readable & { headers?: { "content-length"?: string | undefined } };

/** Reads a request's body as long as it is within `bytesMax` and the budget. The rest of a longer body is left unread. */
export async function readBody(request: BodyStream, budget: BodyBudget, bytesMax = BODY_BYTES_MAX): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let body: Buffer | null = null;
  const ending = {
    [Symbol.dispose]() {
      budget.giveBack(bytes);
      if (body !== null) pool.giveBack(body);
    },
  };
  if (Number(request.headers?.["content-length"] ?? 0) > bytesMax) return { kind: "too_large", ...ending };
  const outcome = await readChunks(request, (chunk) => {
    if (bytes + chunk.length > bytesMax) return "too_large";
    if (!budget.take(chunk.length)) return "overloaded";
    chunks.push(chunk);
    bytes += chunk.length;
    return null;
  });
  if (outcome !== "ended") return { kind: outcome, ...ending };
  body = pool.take(bytes);
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(body, end);
  return { kind: "body", body, ...ending };
}

/**
 * Passes each piece of a stream to `take` until that returns a reason to stop; resolves to what ended the reading. Uses events: an
 * iterator, or Node's `finished`, would cost a small request a fifth of its total time.
 */
function readChunks<Refusal extends string>(
  stream: Readable,
  take: (chunk: Buffer) => Refusal | null,
): Promise<Refusal | "ended" | "aborted"> {
  if (stream.destroyed) return Promise.resolve("aborted");
  return new Promise((resolve) => {
    const onData = (chunk: Buffer): void => {
      const refusal = take(chunk);
      if (refusal !== null) leave(refusal);
    };
    // An HTTP/2 stream whose connection breaks ends like a complete one, but is closed by then.
    const onEnd = (): void => leave(stream.closed ? "aborted" : "ended");
    const onAbort = (): void => leave("aborted");
    const leave = (outcome: Refusal | "ended" | "aborted"): void => {
      stream.off("data", onData).off("end", onEnd).off("error", onAbort).off("close", onAbort).pause();
      resolve(outcome);
    };
    stream.on("data", onData).on("end", onEnd).on("error", onAbort).on("close", onAbort);
  });
}
