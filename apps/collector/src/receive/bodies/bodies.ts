import { Worker } from "node:worker_threads";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import { type Compression, MalformedBody, plainBody } from "../../decode/index.ts";
import { type BodyWork, type WorkArgs, type WorkResult, workOn } from "./bodyWork.ts";

/**
 * Largest body processed on this thread, in bytes: about 25 ms of work at worst, for JSON. A larger one would keep all other requests
 * waiting (docs/adr/011-threads-of-the-collector.md).
 */
const HERE_BYTES_MAX = 1024 * 1024;

/** A task for the thread. `args` depend on the kind of work. */
export interface BodyTask {
  kind: keyof BodyWork;
  body: Uint8Array;
  compression: Compression;
  args: unknown;
}

/** An answer of the thread. `malformed` is the sender's fault, `failed` is our own. */
export type BodyAnswer =
  | { kind: "done"; result: unknown }
  | { kind: "malformed"; fault: MalformedBody["fault"]; message: string }
  | { kind: "failed"; message: string };

/** Idle time in milliseconds after which the thread is ended, which releases its memory: a decoded body may take a gigabyte. */
const IDLE_MS_MAX = 10_000;

const ENTRY = new URL("./bodyMain.ts", import.meta.url);

/**
 * Processes whole bodies: small ones at once, large ones on a thread of their own, one after the other, so that there is one decoded copy
 * at a time however many arrive. The thread starts with a large body and ends when none has come for a while.
 */
export class Bodies implements AsyncDisposable {
  readonly #log: Logger;
  readonly #spawn: () => Worker;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(log: Logger, spawn: () => Worker = () => new Worker(ENTRY)) {
    this.#log = log;
    this.#spawn = spawn;
  }

  /** Runs one kind of work on a body. Throws `MalformedBody`, and `AppError` if the thread ended meanwhile. */
  async work<K extends keyof BodyWork>(kind: K, body: Buffer, compression: Compression, args: WorkArgs<K>): Promise<WorkResult<K>> {
    const plain = smallBody(body, compression);
    if (plain !== null) return workOn(kind, plain, args) as WorkResult<K>;
    const done = this.#last.then(() => this.#workElsewhere({ kind, body, compression, args }));
    this.#last = done.catch(() => {});
    return (await done) as WorkResult<K>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#idle);
    await this.#end();
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #workElsewhere(task: BodyTask): Promise<unknown> {
    if (this.#isEnded) throw new AppError("upstream_unavailable", "the collector is ending; the body may be sent again");
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    const answer = Promise.withResolvers<BodyAnswer>();
    worker.once("message", answer.resolve);
    const lost = (): void => answer.reject(new AppError("upstream_unavailable", "the body could not be looked into; it may be sent again"));
    worker.once("exit", lost);
    const body = new Uint8Array(task.body);
    worker.postMessage({ ...task, body } satisfies BodyTask, [body.buffer]);
    try {
      return resultOf(await answer.promise);
    } finally {
      worker.off("message", answer.resolve);
      worker.off("exit", lost);
      this.#idle = setTimeout(() => void this.#end(), IDLE_MS_MAX).unref();
    }
  }

  #start(): Worker {
    const worker = this.#spawn();
    worker.on("error", (error) => this.#log.error({ err: error }, "the thread that looks into large bodies has failed"));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }
}

/** The decompressed body if it is small; null if it is not, or cannot be decompressed. */
function smallBody(body: Buffer, compression: Compression): Buffer | null {
  if (body.length > HERE_BYTES_MAX) return null;
  try {
    return plainBody(body, compression, HERE_BYTES_MAX);
  } catch (error) {
    if (error instanceof MalformedBody && error.fault === "too_large") return null;
    throw error;
  }
}

function resultOf(answer: BodyAnswer): unknown {
  if (answer.kind === "failed") throw new Error(`a body could not be looked into: ${answer.message}`);
  if (answer.kind === "malformed") throw new MalformedBody(answer.message, answer.fault);
  return answer.result;
}

/** A `Buffer` over bytes that came from another thread as a plain array. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
