import { z } from "zod";
import { Message } from "./message.ts";

/** The purpose of a span. */
export const SpanKind = z.enum([
  "agent",
  "llm",
  "tool",
  "retriever",
  "embedding",
  "reranker",
  "guardrail",
  "evaluator",
  "chain",
  "task",
  "other",
]);
export type SpanKind = z.infer<typeof SpanKind>;

/** OpenTelemetry's status of a span. */
export const SpanStatus = z.enum(["unset", "ok", "error"]);
export type SpanStatus = z.infer<typeof SpanStatus>;

/** Tokens as reported by the sender; cached tokens are inside `input`, reasoning tokens inside `output` (OTel GenAI conventions). */
export const TokenUsage = z.strictObject({
  input: z.number().int().nonnegative().nullable(),
  output: z.number().int().nonnegative().nullable(),
  cached: z.number().int().nonnegative().nullable(),
  reasoning: z.number().int().nonnegative().nullable(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** An event at a time within a span. `timeUnixNano` is a decimal string. */
export const SpanEvent = z.strictObject({ name: z.string(), timeUnixNano: z.string(), attributes: z.record(z.string(), z.string()) });
export type SpanEvent = z.infer<typeof SpanEvent>;

/** A reference to another span. */
export const SpanLink = z.strictObject({ traceId: z.string(), spanId: z.string(), attributes: z.record(z.string(), z.string()) });
export type SpanLink = z.infer<typeof SpanLink>;

/** The tool call of a span; both texts are as the agent wrote them, usually JSON. */
export const ToolCall = z.strictObject({
  name: z.string(),
  callId: z.string().nullable(),
  arguments: z.string().nullable(),
  result: z.string().nullable(),
});
export type ToolCall = z.infer<typeof ToolCall>;

/**
 * A span in the canonical model: OpenTelemetry identity and times, plus the fields that GenAI
 * conventions share. Ids are lower-case hex (32 and 16 digits), times decimal nanoseconds since 1970
 * as strings, costs US dollars. Attributes that no table recognised stay in `attributes`, untouched.
 */
export const Span = z.strictObject({
  project: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  name: z.string(),
  kind: SpanKind,
  service: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  status: SpanStatus,
  statusMessage: z.string(),
  operation: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  agent: z.string().nullable(),
  inputMessages: z.array(Message),
  outputMessages: z.array(Message),
  tool: ToolCall.nullable(),
  usage: TokenUsage,
  usageIsEstimate: z.boolean(),
  costUsd: z.number().nonnegative().nullable(),
  costIsEstimate: z.boolean(),
  session: z.string().nullable(),
  user: z.string().nullable(),
  tags: z.array(z.string()),
  promptName: z.string().nullable(),
  promptVersion: z.string().nullable(),
  release: z.string().nullable(),
  environment: z.string().nullable(),
  variant: z.string().nullable(),
  dialect: z.string(),
  attributes: z.record(z.string(), z.string()),
  resourceAttributes: z.record(z.string(), z.string()),
  scope: z.string(),
  events: z.array(SpanEvent),
  links: z.array(SpanLink),
});
export type Span = z.infer<typeof Span>;
