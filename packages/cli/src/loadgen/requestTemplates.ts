import { aTemplateSpan, SPAN_MS_MAX } from "./aTemplateSpan.ts";
import { encodeTraces, type ScopeSpans, type SpanMessage } from "./otlpMessage.ts";
import { findPatchPoints, type PatchPoints } from "./patchPoints.ts";
import type { Payload } from "./payload.ts";
import { mix32, seededRandom } from "./seededRandom.ts";
import { SPAN_DIALECTS, type SpanDialectName } from "./spanDialects.ts";
import { SpanIds } from "./spanIds.ts";

const WORD = 2 ** 32;
const SERVICES = 40;

/** A request that can be sent: its number, and its bytes until it is `release`d. */
export interface PatchedRequest {
  number: number;
  /** The time that all times of its spans count from, in milliseconds since 1970. */
  baseMs: number;
  spans: number;
  body: Buffer;
}

/** Who a span of a request is, and when it was. Ids are views of the request's bytes, times nanoseconds since 1970. */
export interface SentSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId: Buffer | undefined;
  startNs: bigint;
  endNs: bigint;
}

interface Template {
  body: Buffer;
  /** Per span. */
  points: readonly PatchPoints[];
  /** Per span and time: nanoseconds after the request's base time. */
  offsetsNs: readonly (readonly number[])[];
  isTaken: boolean;
}

/**
 * Requests that cost next to nothing: a pool of them is encoded once, and each time one is sent, ids and times are written over those that it
 * had. Request n is made of template n modulo the pool's size, its spans are those from n times spans per request on.
 */
export class RequestTemplates {
  readonly payload: Payload;
  readonly #ids: SpanIds;
  readonly #templates: readonly Template[];
  #next = 0;

  constructor(payload: Payload) {
    this.payload = payload;
    this.#ids = new SpanIds(payload.seed);
    this.#templates = Array.from({ length: payload.templates }, (_, number) => makeTemplate(payload, number));
  }

  /** The bytes of OTLP that a span takes on average. */
  get bytesPerSpan(): number {
    const bytes = this.#templates.reduce((sum, { body }) => sum + body.length, 0);
    return bytes / (this.#templates.length * this.payload.spansPerRequest);
  }

  /** The next request; its bytes are its own until it is released. The number of one whose template is still under way is passed over. */
  take(nowMs: number): PatchedRequest {
    let number = this.#next;
    while (this.#templateOf(number).isTaken) number += 1;
    this.#next = number + 1;
    this.#templateOf(number).isTaken = true;
    return this.patch(number, Math.floor(nowMs) - SPAN_MS_MAX);
  }

  release({ number }: PatchedRequest): void {
    this.#templateOf(number).isTaken = false;
  }

  /** Request `number` as it was or will be sent at `baseMs`, in the bytes of its template. */
  patch(number: number, baseMs: number): PatchedRequest {
    const { spansPerTrace, spansPerRequest } = this.payload;
    const { body, points, offsetsNs } = this.#templateOf(number);
    const base = BigInt(baseMs) * 1_000_000n;
    const baseHigh = Number(base >> 32n);
    const baseLow = Number(base & 0xffff_ffffn);
    let span = number * spansPerRequest;
    for (let index = 0; index < points.length; index++, span++) {
      const { traceId, spanId, parentSpanId, times } = points[index] as PatchPoints;
      const trace = Math.floor(span / spansPerTrace);
      this.#ids.writeTraceId(body, traceId, trace);
      this.#ids.writeSpanId(body, spanId, span);
      if (parentSpanId > 0) this.#ids.writeSpanId(body, parentSpanId, trace * spansPerTrace);
      const offsets = offsetsNs[index] as readonly number[];
      for (let time = 0; time < times.length; time++) {
        const low = baseLow + (offsets[time] as number);
        body.writeUInt32LE(low % WORD, times[time]);
        body.writeUInt32LE(baseHigh + Math.floor(low / WORD), (times[time] as number) + 4);
      }
    }
    return { number, baseMs, spans: points.length, body };
  }

  /** The spans of a request as its bytes have them now. */
  spansOf({ number, body }: PatchedRequest): SentSpan[] {
    return this.#templateOf(number).points.map(({ traceId, spanId, parentSpanId, times: [start = 0, end = 0] }) => ({
      traceId: body.subarray(traceId, traceId + 16),
      spanId: body.subarray(spanId, spanId + 8),
      parentSpanId: parentSpanId === 0 ? undefined : body.subarray(parentSpanId, parentSpanId + 8),
      startNs: body.readBigUInt64LE(start),
      endNs: body.readBigUInt64LE(end),
    }));
  }

  #templateOf(number: number): Template {
    return this.#templates[number % this.#templates.length] as Template;
  }
}

function makeTemplate(payload: Payload, number: number): Template {
  const { seed, spansPerTrace, spansPerRequest, dialects } = payload;
  const random = seededRandom(mix32(seed) ^ number);
  const spans = Array.from({ length: spansPerRequest }, (_, index) => {
    const position = number * spansPerRequest + index;
    const trace = Math.floor(position / spansPerTrace);
    const dialect = dialects[trace % dialects.length] as SpanDialectName;
    return { dialect, span: aTemplateSpan({ trace, isRoot: position % spansPerTrace === 0, dialect }, payload, random) };
  });
  const bytes = encodeTraces(resourceOf(Math.floor(random() * SERVICES)), inScopes(spans));
  // A buffer of its own: the encoder's may be a slice of a larger one.
  const body = Buffer.allocUnsafeSlow(bytes.length);
  body.set(bytes);
  const points = findPatchPoints(body);
  return { body, points, offsetsNs: points.map(({ times }) => times.map((at) => readNanos(body, at))), isTaken: false };
}

function readNanos(body: Buffer, at: number): number {
  return body.readUInt32LE(at) + body.readUInt32LE(at + 4) * WORD;
}

function resourceOf(service: number) {
  return [
    ["service.name", `svc-${service}`],
    ["service.version", `1.${service % 9}.0`],
    ["deployment.environment.name", service % 3 === 0 ? "staging" : "prod"],
    ["telemetry.sdk.language", "nodejs"],
  ] as const;
}

/** Neighbours that speak the same dialect share a scope; the order stays. */
function inScopes(spans: readonly { dialect: SpanDialectName; span: SpanMessage }[]): ScopeSpans[] {
  const scopes: { scope: ScopeSpans["scope"]; spans: SpanMessage[] }[] = [];
  for (const { dialect, span } of spans) {
    const { scope } = SPAN_DIALECTS[dialect];
    if (scopes.at(-1)?.scope !== scope) scopes.push({ scope, spans: [] });
    scopes.at(-1)?.spans.push(span);
  }
  return scopes;
}
