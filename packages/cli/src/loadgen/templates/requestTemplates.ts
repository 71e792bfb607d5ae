import { SPAN_MS_MAX } from "../spans/callTimes.ts";
import type { Payload } from "./payload.ts";
import type { Template } from "./template.ts";

/** A request to send: its number, and its bytes, which are valid until it is `release`d. */
export interface PatchedRequest {
  number: number;
  /** The time from which all times of its spans count, in milliseconds since 1970. */
  baseMs: number;
  /** Whether it contains an earlier request's spans in their updated form. */
  isUpdated: boolean;
  spans: number;
  body: Buffer;
}

/**
 * Cheap requests from a pool of templates. Request n uses template n modulo
 * the pool's size, and its spans are those from n times spans per request on.
 */
export class RequestTemplates<T extends Template> {
  readonly payload: Payload;
  readonly #templates: readonly T[];
  readonly #taken = new Set<T>();
  #next = 0;

  constructor(payload: Payload, make: (payload: Payload, number: number) => T) {
    this.payload = payload;
    this.#templates = Array.from({ length: payload.templates }, (_, number) => make(payload, number));
  }

  /** The bytes that a span takes on average. */
  get bytesPerSpan(): number {
    const bytes = this.#templates.reduce((sum, { body }) => sum + body.length, 0);
    return bytes / (this.#templates.length * this.payload.spansPerRequest);
  }

  /** The next request; its bytes are its own until it is released. Numbers whose template is still under way are skipped. */
  take(nowMs: number): PatchedRequest {
    let number = this.#next;
    while (this.#taken.has(this.of(number))) number += 1;
    this.#next = number + 1;
    this.#taken.add(this.of(number));
    return this.patch(number, Math.floor(nowMs) - SPAN_MS_MAX);
  }

  /** The same spans in their updated form, in the same bytes. */
  update({ number, baseMs }: PatchedRequest): PatchedRequest {
    return this.patch(number, baseMs, true);
  }

  release({ number }: PatchedRequest): void {
    this.#taken.delete(this.of(number));
  }

  /** Request `number` as it was or will be sent at `baseMs`, in the bytes of its template. */
  patch(number: number, baseMs: number, isUpdated = false): PatchedRequest {
    const template = this.of(number);
    template.patch(number * this.payload.spansPerRequest, baseMs, isUpdated);
    return { number, baseMs, isUpdated, spans: template.spans, body: template.body };
  }

  /** The template of request `number`. */
  of(number: number): T {
    return this.#templates[number % this.#templates.length] as T;
  }
}
