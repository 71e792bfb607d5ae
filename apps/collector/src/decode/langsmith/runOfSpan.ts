import { parseJsonValue } from "../jsonBody.ts";
import { MalformedBody } from "../malformedBody.ts";
import type { Attributes, AttributeValue, OtlpSpan } from "../otlp.ts";
import { emptyFields, OTEL_FIELD, type RunFields } from "./langSmithRequest.ts";
import { STATUS_ERROR } from "./spanOfRun.ts";
import { isNothing, type Struct } from "./struct.ts";

/** The scope of the spans that LangSmith's clients make of their runs. */
const SCOPE = "langsmith";

const METADATA = "langsmith.metadata.";

/** Whether a span is a run that LangSmith's client tells over OpenTelemetry. */
export function isSpanOfRun({ origin, attributes }: OtlpSpan): boolean {
  return origin.scope === SCOPE && typeof attributes.get("langsmith.span.kind") === "string";
}

/** When the run of a span began, in microseconds since 1970: the Python client computes with doubles, which miss it by up to 256 ns. */
export function startUsOf({ startTimeUnixNano }: OtlpSpan): number {
  return roundedUs(startTimeUnixNano);
}

/**
 * A run as its span over OpenTelemetry tells it, by the names of its fields. In `OTEL_FIELD` is what only the span knows: its ids, and what
 * the process around it said besides the SDK's own words.
 */
export function runOfSpan(span: OtlpSpan): RunFields {
  const { attributes, origin } = span;
  const tags = attributes.get("langsmith.span.tags");
  return withoutNothing({
    name: span.name,
    run_type: attributes.get("langsmith.span.kind"),
    session_name: attributes.get("langsmith.trace.session_name"),
    end_time: roundedUs(span.endTimeUnixNano) / 1_000,
    inputs: bodyOf(attributes.get("gen_ai.prompt")),
    outputs: bodyOf(attributes.get("gen_ai.completion")),
    error: span.statusCode === STATUS_ERROR ? errorOf(span) : null,
    tags: typeof tags === "string" ? tags.split(", ") : null,
    extra: withoutNothing({ metadata: metadataOf(attributes) }),
    [OTEL_FIELD]: withoutNothing({
      trace_id: span.traceId,
      parent_span_id: span.parentSpanId,
      attributes: foreignOf(attributes),
      resource: foreignOf(origin.resource),
    }),
  });
}

function roundedUs(nanos: bigint): number {
  return Number((nanos + 500n) / 1_000n);
}

function withoutNothing(fields: Readonly<Record<string, AttributeValue | undefined>>): Struct {
  return Object.assign(emptyFields(), Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNothing(value))));
}

/** Inputs and outputs stand in attributes as JSON; what is none is a text. */
function bodyOf(text: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof text !== "string") return text;
  try {
    return parseJsonValue(Buffer.from(text)) as AttributeValue;
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return text;
  }
}

/** What went wrong stands in the event of the exception. */
function errorOf({ events, statusMessage }: OtlpSpan): AttributeValue {
  return events.find(({ name }) => name === "exception")?.attributes.get("exception.message") ?? (statusMessage || "failed");
}

function metadataOf(attributes: Attributes): Struct {
  const told = [...attributes].filter(([key]) => key.startsWith(METADATA));
  return withoutNothing(Object.fromEntries(told.map(([key, value]) => [key.slice(METADATA.length), value])));
}

/** What is not the SDK's: its own words say no more than the run's fields do. */
function foreignOf(attributes: Attributes): Struct {
  return withoutNothing(Object.fromEntries([...attributes].filter(([key]) => !/^(langsmith|gen_ai)\./.test(key))));
}
