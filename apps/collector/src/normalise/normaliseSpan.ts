import { KEYS, type Span, type SpanKind, type SpanStatus, type ToolCall } from "@signalbox/model";
import type { OtlpEvent, OtlpLink, OtlpSpan } from "../decode/index.ts";
import { type Bodies, readBodies } from "./bodies.ts";
import { estimateCostUsd } from "./cost.ts";
import type { CountField, Dialect, TextField } from "./dialect.ts";
import { COMMON, dialectOf } from "./dialects/index.ts";
import { priceOf } from "./prices.ts";
import { COUNT_MAX, costAt, countAt, textAt, textsAt, textsBut } from "./readAttributes.ts";

/** Kinds whose tokens are their own; those of an agent or a chain sum up what the spans below them used. */
const PRICED_KINDS: ReadonlySet<SpanKind> = new Set(["llm", "embedding", "reranker"]);

const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

/** A span in the canonical model. Pure: the same span gives the same result. The span must have passed `faultOfSpan`. */
export function normaliseSpan(span: OtlpSpan, project: string): Span {
  const dialect = dialectOf(span.attributes);
  const texts = readTexts(span, dialect);
  const kind = kindOf(span, dialect, texts);
  const counts = readCounts(span, dialect);
  const bodies = readBodies(span.attributes, dialect, kind);
  const reportedUsd = costAt(span.attributes, dialect.costUsd);
  const price = texts.model === null || !PRICED_KINDS.has(kind) ? null : priceOf(texts.model);
  const estimatedUsd = price === null ? null : estimateCostUsd(counts, price);
  const { resource } = span.origin;
  return {
    project,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: /^0*$/.test(span.parentSpanId) ? null : span.parentSpanId,
    name: span.name,
    kind,
    service: textAt(resource, [KEYS.serviceName]) ?? "",
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    status: STATUSES[span.statusCode] ?? "unset",
    statusMessage: span.statusMessage,
    operation: texts.operation,
    provider: texts.provider,
    model: texts.model,
    agent: texts.agent,
    inputMessages: [...bodies.messages.system, ...bodies.messages.input],
    outputMessages: bodies.messages.output,
    tool: kind === "tool" ? toolOf(span.name, texts, bodies) : null,
    usage: { input: counts.input, output: counts.output, cached: counts.cached, reasoning: counts.reasoning },
    usageIsEstimate: span.attributes.get(KEYS.usageEstimated) === true,
    costUsd: reportedUsd ?? estimatedUsd,
    costIsEstimate: reportedUsd === null && estimatedUsd !== null,
    session: texts.session,
    user: texts.user,
    tags: textsAt(span.attributes, [...(dialect.tags ?? []), KEYS.tags]),
    promptName: texts.promptName,
    promptVersion: texts.promptVersion,
    release: textAt(resource, [KEYS.serviceVersion]),
    environment: textAt(resource, [KEYS.environment, "deployment.environment"]),
    variant: texts.variant,
    dialect: dialect.name,
    attributes: textsBut(span.attributes, bodies.taken),
    resourceAttributes: textsBut(resource),
    scope: span.origin.scope,
    events: span.events.map(eventOf),
    links: span.links.map(linkOf),
  };
}

function readTexts({ attributes }: OtlpSpan, { texts }: Dialect): Record<TextField, string | null> {
  const read = (field: TextField): string | null => textAt(attributes, texts[field], COMMON[field]);
  return {
    operation: read("operation"),
    provider: read("provider"),
    model: read("model"),
    agent: read("agent"),
    session: read("session"),
    user: read("user"),
    promptName: read("promptName"),
    promptVersion: read("promptVersion"),
    variant: read("variant"),
    toolName: read("toolName"),
    toolCallId: read("toolCallId"),
  };
}

function readCounts({ attributes }: OtlpSpan, { counts, cachedIsBesideInput = false }: Dialect): Record<CountField, number | null> {
  const read = (field: CountField): number | null => countAt(attributes, counts[field]);
  const [input, cached, cacheWrite] = [read("input"), read("cached"), read("cacheWrite")];
  const parts = (cached ?? 0) + (cacheWrite ?? 0);
  const isBeside = cachedIsBesideInput || parts > (input ?? 0);
  return {
    input: input === null ? null : Math.min(isBeside ? input + parts : input, COUNT_MAX),
    output: read("output"),
    cached,
    cacheWrite,
    reasoning: read("reasoning"),
  };
}

/** By the dialect's own word for it, else by the operation; without either, a tool's name or a model give it away. */
function kindOf(
  { attributes }: OtlpSpan,
  { kindKeys, kinds }: Dialect,
  { operation, toolName, model }: Record<TextField, string | null>,
): SpanKind {
  const word = (textAt(attributes, kindKeys) ?? operation)?.toLowerCase();
  if (word !== undefined) return (Object.hasOwn(kinds, word) ? kinds[word] : null) ?? "other";
  if (toolName !== null) return "tool";
  return model === null ? "other" : "llm";
}

/** A tool without a name has its span's. */
function toolOf(
  spanName: string,
  { toolName, toolCallId }: Record<TextField, string | null>,
  { toolArguments, toolResult }: Bodies,
): ToolCall {
  return { name: toolName ?? spanName, callId: toolCallId, arguments: toolArguments, result: toolResult };
}

function eventOf(event: OtlpEvent): Span["events"][number] {
  return { name: event.name, timeUnixNano: String(event.timeUnixNano), attributes: textsBut(event.attributes) };
}

function linkOf(link: OtlpLink): Span["links"][number] {
  return { traceId: link.traceId, spanId: link.spanId, attributes: textsBut(link.attributes) };
}
