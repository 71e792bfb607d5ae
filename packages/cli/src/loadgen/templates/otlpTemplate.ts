import { mix32 } from "@signalbox/model";
import { aTemplateSpan } from "../spans/aTemplateSpan.ts";
import { encodeTraces, type ScopeSpans, type SpanMessage } from "../spans/otlpMessage.ts";
import { seededRandom } from "../spans/seededRandom.ts";
import { SPAN_DIALECTS, type SpanDialectName } from "../spans/spanDialects.ts";
import { SpanIds } from "../spans/spanIds.ts";
import { findPatchPoints, type PatchPoints } from "./patchPoints.ts";
import type { Payload } from "./payload.ts";
import type { Template } from "./template.ts";

const WORD = 2 ** 32;
const SERVICES = 40;

/** The index of a span's end among its times, and its delay in an update. */
const END = 1;
const UPDATE_NS = 1_000_000;

/** The identity and times of a span in a request. Ids are views of the request's bytes, times nanoseconds since 1970. */
export interface SentSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId: Buffer | undefined;
  startNs: bigint;
  endNs: bigint;
}

/** An ExportTraceServiceRequest in protobuf. */
export class OtlpTemplate implements Template {
  readonly body: Buffer;
  readonly #spansPerTrace: number;
  readonly #ids: SpanIds;
  /** Per span. */
  readonly #points: readonly PatchPoints[];
  /** Per span and time: nanoseconds after the request's base time. */
  readonly #offsetsNs: readonly (readonly number[])[];

  /** Makes the template of a number. */
  constructor(payload: Payload, number: number) {
    this.body = encodeRequest(payload, number);
    this.#spansPerTrace = payload.spansPerTrace;
    this.#ids = new SpanIds(payload.seed);
    this.#points = findPatchPoints(this.body);
    this.#offsetsNs = this.#points.map(({ times }) =>
      times.map((at) => this.body.readUInt32LE(at) + this.body.readUInt32LE(at + 4) * WORD),
    );
  }

  get spans(): number {
    return this.#points.length;
  }

  patch(firstSpan: number, baseMs: number, isUpdated = false): void {
    const body = this.body;
    const base = BigInt(baseMs) * 1_000_000n;
    const baseHigh = Number(base >> 32n);
    const baseLow = Number(base & 0xffff_ffffn);
    let span = firstSpan;
    for (let index = 0; index < this.#points.length; index++, span++) {
      const { traceId, spanId, parentSpanId, times } = this.#points[index] as PatchPoints;
      const trace = Math.floor(span / this.#spansPerTrace);
      this.#ids.writeTraceId(body, traceId, trace);
      this.#ids.writeSpanId(body, spanId, span);
      if (parentSpanId > 0) this.#ids.writeSpanId(body, parentSpanId, trace * this.#spansPerTrace);
      const offsets = this.#offsetsNs[index] as readonly number[];
      for (let time = 0; time < times.length; time++) {
        const low = baseLow + (offsets[time] as number) + (isUpdated && time === END ? UPDATE_NS : 0);
        body.writeUInt32LE(low % WORD, times[time]);
        body.writeUInt32LE(baseHigh + Math.floor(low / WORD), (times[time] as number) + 4);
      }
    }
  }

  /** The spans that the bytes contain now. */
  sentSpans(): SentSpan[] {
    const body = this.body;
    return this.#points.map(({ traceId, spanId, parentSpanId, times: [start = 0, end = 0] }) => ({
      traceId: body.subarray(traceId, traceId + 16),
      spanId: body.subarray(spanId, spanId + 8),
      parentSpanId: parentSpanId === 0 ? undefined : body.subarray(parentSpanId, parentSpanId + 8),
      startNs: body.readBigUInt64LE(start),
      endNs: body.readBigUInt64LE(end),
    }));
  }
}

function encodeRequest(payload: Payload, number: number): Buffer {
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
  return body;
}

function resourceOf(service: number) {
  return [
    ["service.name", `svc-${service}`],
    ["service.version", `1.${service % 9}.0`],
    ["deployment.environment.name", service % 3 === 0 ? "staging" : "prod"],
    ["telemetry.sdk.language", "nodejs"],
  ] as const;
}

/** Groups neighbours with the same dialect in a scope; the order stays. */
function inScopes(spans: readonly { dialect: SpanDialectName; span: SpanMessage }[]): ScopeSpans[] {
  const scopes: { scope: ScopeSpans["scope"]; spans: SpanMessage[] }[] = [];
  for (const { dialect, span } of spans) {
    const { scope } = SPAN_DIALECTS[dialect];
    if (scopes.at(-1)?.scope !== scope) scopes.push({ scope, spans: [] });
    scopes.at(-1)?.spans.push(span);
  }
  return scopes;
}
