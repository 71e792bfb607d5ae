import { SPAN_MS_MAX } from "../spans/callTimes.ts";
import type { Payload } from "./payload.ts";
import type { Template } from "./template.ts";

/** A request that can be sent: its number, and its bytes until it is `release`d. */
export interface PatchedRequest {
  number: number;
  /** The time that all times of its spans count from, in milliseconds since 1970. */
  baseMs: number;
  /** Whether it has the spans of a request before it as they are later. */
  isUpdated: boolean;
  spans: number;
  body: Buffer;
}

/**
 * Requests that cost next to nothing, out of a pool of templates. Request n is made of template n modulo the pool's size, its spans are
 * those from n times spans per request on.
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

  /** The next request; its bytes are its own until it is released. The number of one whose template is still under way is passed over. */
  take(nowMs: number): PatchedRequest {
    let number = this.#next;
    while (this.#taken.has(this.of(number))) number += 1;
    this.#next = number + 1;
    this.#taken.add(this.of(number));
    return this.patch(number, Math.floor(nowMs) - SPAN_MS_MAX);
  }

  /** The same spans as they are later, in the same bytes. */
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

  /** The template that request `number` is made of. */
  of(number: number): T {
    return this.#templates[number % this.#templates.length] as T;
  }
}
