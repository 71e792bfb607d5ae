import { type Span, spanIdOf, traceIdOf } from "@signalbox/model";

/** The origin of built spans' times: 2026-11-23T12:00:00Z in nanoseconds since 1970. */
export const NOON = 1_795_435_200_000_000_000n;

/**
 * The fields in which a built span differs from the plain one. `trace` and `id` are words from
 * which ids are made, `parent` is the word of another span; times are milliseconds since `NOON`.
 */
export type SpanOutlines = Partial<Omit<Span, "traceId" | "spanId" | "parentSpanId" | "startTimeUnixNano" | "endTimeUnixNano">> & {
  trace?: string;
  id?: string;
  parent?: string;
  atMs?: number;
  lastsMs?: number;
};

const momentOf = (ms: number): string => String(NOON + BigInt(Math.round(ms * 1e6)));

/** A root span of trace `t` that began at `NOON` and took 100 ms; the argument overrides fields. */
export function aSpan({ trace = "t", id = "root", parent, atMs = 0, lastsMs = 100, ...given }: SpanOutlines = {}): Span {
  return {
    project: "default",
    traceId: traceIdOf(trace),
    spanId: wordSpanId(trace, id),
    parentSpanId: parent === undefined ? null : wordSpanId(trace, parent),
    name: `work ${id}`,
    kind: "chain",
    service: "test",
    startTimeUnixNano: momentOf(atMs),
    endTimeUnixNano: momentOf(atMs + lastsMs),
    status: "ok",
    statusMessage: "",
    operation: null,
    provider: null,
    model: null,
    agent: null,
    inputMessages: [],
    outputMessages: [],
    tool: null,
    usage: { input: null, output: null, cached: null, reasoning: null },
    usageIsEstimate: false,
    costUsd: null,
    costIsEstimate: false,
    session: null,
    user: null,
    tags: [],
    promptName: null,
    promptVersion: null,
    release: null,
    environment: null,
    variant: null,
    dialect: "otel-genai",
    attributes: {},
    resourceAttributes: {},
    scope: "",
    events: [],
    links: [],
    ...given,
  };
}

/** The id of the span that a word names in a trace that a word names. */
export function wordSpanId(trace: string, id: string): string {
  return spanIdOf(`${trace}/${id}`, 0);
}
