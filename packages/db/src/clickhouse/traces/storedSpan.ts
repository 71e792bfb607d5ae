import { readMessages, type Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from "@signalbox/model";
import { z } from "zod";
import { hexOf, parentHexOf } from "../ids.ts";

const nanoseconds = (column: string): string => `toString(toUnixTimestamp64Nano(${column}))`;

/** The columns that a tree or a waterfall shows of a span: all but its bodies. */
export const OUTLINE_COLUMNS = `${hexOf("span_id")} AS spanId, ${parentHexOf("parent_span_id")} AS parentSpanId, name, kind, service,
  ${nanoseconds("start_time")} AS startTimeUnixNano, ${nanoseconds("end_time")} AS endTimeUnixNano, status, status_message AS statusMessage,
  model, agent, tool_name AS toolName, input_tokens AS inputTokens, output_tokens AS outputTokens, usage_is_estimate AS usageIsEstimate,
  toFloat64(cost_usd) AS costUsd, cost_is_estimate AS costIsEstimate`;

/** The table columns from which `OUTLINE_COLUMNS` are computed. */
export const OUTLINE_READ = `span_id, parent_span_id, name, kind, service, start_time, end_time, status, status_message, model, agent, tool_name,
  input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate`;

const orNull = z.string().transform((text) => (text === "" ? null : text));

/** A row of `OUTLINE_COLUMNS`. Times are decimal nanoseconds since 1970. */
export const SpanOutline = z.object({
  spanId: z.string(),
  parentSpanId: orNull,
  name: z.string(),
  kind: SpanKind,
  service: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  status: SpanStatus,
  statusMessage: z.string(),
  model: orNull,
  agent: orNull,
  toolName: orNull,
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  usageIsEstimate: z.boolean(),
  costUsd: z.number().nullable(),
  costIsEstimate: z.boolean(),
});
export type SpanOutline = z.infer<typeof SpanOutline>;

/** All stored columns of a span. */
export const SPAN_COLUMNS = `project, ${hexOf("trace_id")} AS traceId, ${OUTLINE_COLUMNS}, operation, provider,
  system_messages AS systemMessages, input_messages AS inputMessages, output_messages AS outputMessages, tool_call_id AS toolCallId, tool_arguments AS toolArguments, tool_result AS toolResult,
  cached_tokens AS cachedTokens, reasoning_tokens AS reasoningTokens, session, user, tags, prompt_name AS promptName, prompt_version AS promptVersion,
  release, environment, variant, dialect, attributes, resource_attributes AS resourceAttributes, scope, events, links`;

/** A column that holds a JSON list, empty for none. */
const jsonList = <T>(item: z.ZodType<T>) => z.string().transform((text) => z.array(item).parse(text === "" ? [] : JSON.parse(text)));

/** A column that holds messages as their sender wrote them, empty for none. Messages without a role get `role`. */
const messages = (role: string) => z.string().transform((text) => (text === "" ? [] : readMessages(text, role)));

const texts = z.record(z.string(), z.string());

/** A row of `SPAN_COLUMNS` as a `Span`. */
export const StoredSpan = SpanOutline.extend({
  project: z.string(),
  traceId: z.string(),
  operation: orNull,
  provider: orNull,
  systemMessages: messages("system"),
  inputMessages: messages("user"),
  outputMessages: messages("assistant"),
  toolCallId: orNull,
  toolArguments: orNull,
  toolResult: orNull,
  cachedTokens: z.number().nullable(),
  reasoningTokens: z.number().nullable(),
  session: orNull,
  user: orNull,
  tags: z.array(z.string()),
  promptName: orNull,
  promptVersion: orNull,
  release: orNull,
  environment: orNull,
  variant: orNull,
  dialect: z.string(),
  attributes: texts,
  resourceAttributes: texts,
  scope: z.string(),
  events: jsonList(SpanEvent),
  links: jsonList(SpanLink),
}).transform(
  ({
    systemMessages,
    inputMessages,
    toolName,
    toolCallId,
    toolArguments,
    toolResult,
    inputTokens,
    outputTokens,
    cachedTokens,
    reasoningTokens,
    ...rest
  }): Span => ({
    ...rest,
    inputMessages: [...systemMessages, ...inputMessages],
    tool: toolName === null ? null : { name: toolName, callId: toolCallId, arguments: toolArguments, result: toolResult },
    usage: { input: inputTokens, output: outputTokens, cached: cachedTokens, reasoning: reasoningTokens },
  }),
);

const Count = z.coerce.number();

/** A row of `talkingEnds`: a span, its bytes, and the total numbers of spans and bytes. */
export const EndSpan = z
  .looseObject({ spansAll: Count, bytesAll: Count, bytesOwn: Count })
  .transform(({ spansAll, bytesAll, bytesOwn, ...row }) => ({ spansAll, bytesAll, bytesOwn, span: StoredSpan.parse(row) }));
