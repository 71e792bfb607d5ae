import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { AppError, parsedJson } from "@signalbox/model";
import { Payload } from "./templates/payload.ts";
import type { PatchedRequest } from "./templates/requestTemplates.ts";

/** A request of the log, from which, with the payload, its bytes can be generated again. */
export type LoggedRequest = Pick<PatchedRequest, "number" | "baseMs" | "isUpdated">;

/** A record is the request's number (4 bytes), its base time (8 bytes, a double) and whether it is an update (1 byte), little-endian. */
const RECORD_BYTES = 13;
const RECORDS_HELD = 1_024;

/**
 * A client's own record of acknowledged requests: a line of JSON with the payload, then a record per request.
 * `RequestTemplates.patch` regenerates the exact bytes of each, so that every span can be checked by id and content.
 */
export class AckLog implements Disposable {
  readonly #file: number;
  readonly #held = Buffer.alloc(RECORD_BYTES * RECORDS_HELD);
  #heldBytes = 0;

  constructor(path: string, payload: Payload) {
    this.#file = openSync(path, "w");
    writeSync(this.#file, `${JSON.stringify(payload)}\n`);
  }

  add({ number, baseMs, isUpdated }: LoggedRequest): void {
    this.#held.writeUInt32LE(number, this.#heldBytes);
    this.#held.writeDoubleLE(baseMs, this.#heldBytes + 4);
    this.#held.writeUInt8(isUpdated ? 1 : 0, this.#heldBytes + 12);
    this.#heldBytes += RECORD_BYTES;
    if (this.#heldBytes === this.#held.length) this.#flush();
  }

  [Symbol.dispose](): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#held, 0, this.#heldBytes);
    this.#heldBytes = 0;
  }
}

/** The content of a log: the payload, and its acknowledged requests. Throws `invalid_input` for an invalid file. */
export function readAckLog(path: string): { payload: Payload; acknowledged: LoggedRequest[] } {
  const bytes = readFileSync(path);
  const headEnd = bytes.indexOf("\n");
  const payload = Payload.safeParse(parsedJson(bytes.toString("utf8", 0, Math.max(0, headEnd))));
  const records = bytes.subarray(headEnd + 1);
  if (!payload.success || records.length % RECORD_BYTES !== 0) throw new AppError("invalid_input", `${path} is not a log of loadgen.`);
  const acknowledged = Array.from({ length: records.length / RECORD_BYTES }, (_, index) => ({
    number: records.readUInt32LE(index * RECORD_BYTES),
    baseMs: records.readDoubleLE(index * RECORD_BYTES + 4),
    isUpdated: records.readUInt8(index * RECORD_BYTES + 12) === 1,
  }));
  return { payload: payload.data, acknowledged };
}
