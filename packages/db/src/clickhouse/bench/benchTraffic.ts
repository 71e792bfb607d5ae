import { hexOf } from "../ids.ts";
import type { Statement } from "../readRows.ts";

/** Benchmark spans that the engine generates by itself: the same seed and start give the same spans. */
export interface Traffic {
  project: string;
  seed: number;
  /** Logical spans, one trace of `LONG_TRACE_SPANS` among them. */
  spans: number;
  /** The start of the first trace (milliseconds since 1970), and the time over which traces keep starting. */
  fromMs: number;
  days: number;
}

/** The number of spans of each trace, except the long one. */
export const SPANS_PER_TRACE = 10;
export const LONG_TRACE_SPANS = 10_000;

/** Stands in place of a day for the long trace. */
export const LONG_TRACE = "long trace";

/**
 * A statement's share of the traffic: the traces of one day, from 0. `version` 0
 * is what everybody sends first, 1 a span sent again unchanged, 2 an updated span.
 */
export interface TrafficPiece {
  day: number | typeof LONG_TRACE;
  version: 0 | 1 | 2;
}

/** All pieces of the traffic, in the order of their arrival. */
export function trafficPieces({ days }: Traffic): TrafficPiece[] {
  const versions = [0, 1, 2] as const;
  return [...Array(days).keys(), LONG_TRACE].flatMap((day) => versions.map((version) => ({ day: day as TrafficPiece["day"], version })));
}

const DAY_MS = 86_400_000;

/** The delay from a span's start until each version is received, in seconds. */
const RECEIVED_AFTER = [5, 35, 65] as const;

/** The spans of each version: all, one in 20, another one in 20. */
const SENT = ["1", "cityHash64({seed:UInt32}, n, 13) % 20 = 0", "cityHash64({seed:UInt32}, n, 13) % 20 = 1"] as const;

/** The number of traces per day. */
function tracesPerDay({ spans, days }: Traffic): number {
  return Math.max(1, Math.round((spans - LONG_TRACE_SPANS) / SPANS_PER_TRACE / days));
}

/** The spans of a day in one version. */
export function trafficOfDay(traffic: Traffic, { day, version }: { day: number; version: TrafficPiece["version"] }): Statement {
  const traces = tracesPerDay(traffic);
  const first = day * traces * SPANS_PER_TRACE;
  const shape = `toUInt64(intDiv(n, ${SPANS_PER_TRACE})) AS trace, n % ${SPANS_PER_TRACE} AS place`;
  const params = {
    first: String(first),
    count: traces * SPANS_PER_TRACE,
    traceStart: `${String(traffic.fromMs)}000000`,
    traceStepNs: String((BigInt(DAY_MS) * 1_000_000n) / BigInt(traces)),
    longTrace: "0",
  };
  return { sql: insertOf(shape, version), params: { ...commonParams(traffic), ...params } };
}

/** The long trace, which starts at the beginning of the last day. */
export function longTrace(traffic: Traffic, version: TrafficPiece["version"]): Statement {
  const params = {
    first: "1000000000000",
    count: LONG_TRACE_SPANS,
    traceStart: `${String(traffic.fromMs + (traffic.days - 1) * DAY_MS)}000000`,
    traceStepNs: "0",
    longTrace: "1",
  };
  return {
    sql: insertOf(`${LONG_TRACE_NUMBER} AS trace, n - {first:UInt64} AS place`, version),
    params: { ...commonParams(traffic), ...params },
  };
}

/** The id of the long trace, as `traceId`. */
export function longTraceId({ seed }: Pick<Traffic, "seed">): Statement {
  return { sql: `SELECT ${hexOf(traceId(LONG_TRACE_NUMBER))} AS traceId`, params: { seed } };
}

function commonParams({ project, seed }: Traffic): Record<string, unknown> {
  return { project, seed };
}

/** The id of a trace or a span, from its number. */
const traceId = (number: string): string => `sipHash128(({seed:UInt32}, ${number}))`;
const LONG_TRACE_NUMBER = "toUInt64(1000000000)";
const spanId = (place: string): string => `reinterpretAsFixedString(sipHash64(({seed:UInt32}, trace, ${place})))`;

/** A pseudo-random number in [0, 1), determined by the span or by its trace. */
const chance = (salt: number): string => `(cityHash64({seed:UInt32}, n, ${salt}) % 1000003) / 1000003`;
const traceChance = (salt: number): string => `(cityHash64({seed:UInt32}, trace, ${salt}) % 1000003) / 1000003`;

/** A choice among a few words that favours the first ones. */
const favoured = (words: readonly string[], random: string): string =>
  `[${words.map((word) => `'${word}'`).join(", ")}][1 + toUInt8(${words.length} * pow(${random}, 2))]`;

/** Words with the uneven frequencies of a language (Zipf): the word of rank r occurs 1/r as often as the first. */
const WORDS_COUNT = 6_000;
const SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "ki", "le", "mo", "nu", "pa", "re", "si", "to", "va", "we"];
const WORDS = `arrayMap(w -> arrayStringConcat(arrayMap(s -> [${SYLLABLES.map((word) => `'${word}'`).join(", ")}][1 + cityHash64(w, s) % ${SYLLABLES.length}], range(1 + cityHash64(w) % 4))), range(${WORDS_COUNT}))`;
const text = (words: string, salt: number): string =>
  `arrayStringConcat(arrayMap(i -> words[1 + toUInt16(pow(${WORDS_COUNT - 1}, (cityHash64({seed:UInt32}, n, ${salt}, i) % 1000003) / 1000003))], range(toUInt32(${words}))), ' ')`;

const SERVICES = ["support-agent", "booking-agent", "search", "billing-agent", "planner", "tools"];
const MODELS = [
  "gpt-4o-mini",
  "gpt-4o",
  "claude-sonnet-4-5",
  "gemini-2.5-flash",
  "claude-haiku-4-5",
  "gpt-4.1",
  "deepseek-chat",
  "mistral-large",
];
const NAMES = ["answer a question", "book a flight", "cancel a booking", "change a booking", "refund", "escalate", "summarise", "greet"];

/** The kinds of the ten spans of a trace: its root, three model calls, tools, retrievers. */
const KINDS = "['agent', 'chain', 'llm', 'tool', 'retriever', 'llm', 'tool', 'tool', 'llm', 'guardrail']";

/**
 * Three spans in ten have messages, 1.6 kB in all: the root and two model calls. One word in every root's question
 * occurs in that trace alone. An updated span ended later and cost more, and one in 50 of them has another start.
 */
function insertOf(shape: string, version: TrafficPiece["version"]): string {
  const isUpdate = version === 2;
  const moved = isUpdate ? "if(cityHash64({seed:UInt32}, n, 14) % 50 = 0, 1500000000, 0)" : "0";
  return `INSERT INTO spans
WITH ${WORDS} AS words
SELECT {project:String} AS project, ${traceId("trace")} AS trace_id, ${spanId("place")} AS span_id,
  if(place = 0, toFixedString('', 8), ${spanId("if({longTrace:Bool}, intDiv(place - 1, 20), if(place < 3, 0, 1))")}) AS parent_span_id,
  if(place = 0, ${favoured(NAMES, traceChance(1))}, concat(kind, ' ', toString(place % 10))) AS name,
  ${KINDS}[1 + if(place = 0, 0, if({longTrace:Bool}, 1 + place % 9, place))] AS kind,
  ${favoured(SERVICES, traceChance(2))} AS service,
  fromUnixTimestamp64Nano(start_ns, 'UTC') AS start_time,
  fromUnixTimestamp64Nano(start_ns + duration_ns, 'UTC') AS end_time,
  if(${chance(3)} < if(place = 0, 0.02, 0.01), 'error', 'ok') AS status, if(status = 'error', 'upstream timed out', '') AS status_message,
  if(is_call, 'chat', '') AS operation, if(is_call, 'openai', '') AS provider,
  if(is_call, ${favoured(MODELS, chance(4))}, '') AS model, if(place = 0, service, '') AS agent,
  '' AS system_messages,
  if(has_messages, concat('[{"role":"user","parts":[{"type":"text","content":"', if(place = 0, concat('order r', toString(cityHash64({seed:UInt32}, trace, 9) % 100000000), ' '), ''), ${text("if(has_messages, if(place = 0, 40, 230), 0)", 5)}, '"}]}]'), '') AS input_messages,
  if(has_messages, concat('[{"role":"assistant","parts":[{"type":"text","content":"', ${text("if(has_messages, 90, 0)", 6)}, '"}],"finish_reason":"stop"}]'), '') AS output_messages,
  if(kind = 'tool', ['find_flight', 'get_user', 'update_booking'][1 + place % 3], '') AS tool_name,
  if(kind = 'tool', concat('call_', hex(sipHash64(n, 1))), '') AS tool_call_id,
  if(kind = 'tool', concat('{"id":"', hex(sipHash64(trace, 2)), '"}'), '') AS tool_arguments, if(kind = 'tool', '{"ok":true}', '') AS tool_result,
  if(is_call, toUInt32(200 + 1800 * ${chance(7)}), NULL) AS input_tokens,
  if(is_call, toUInt32(20 + 300 * ${chance(8)}) + ${isUpdate ? 7 : 0}, NULL) AS output_tokens,
  CAST(NULL, 'Nullable(UInt32)') AS cached_tokens, CAST(NULL, 'Nullable(UInt32)') AS reasoning_tokens, false AS usage_is_estimate,
  if(is_call, toDecimal64((input_tokens * 3 + output_tokens * 15) * (1 + cityHash64(model) % 7) / 7000000, 9), NULL) AS cost_usd, is_call AS cost_is_estimate,
  concat('session-', toString(intDiv(trace, 5))) AS session, concat('user-', toString(toUInt32(20000 * pow(${traceChance(10)}, 3)))) AS user,
  if(place = 0, [['beta', 'vip', 'internal', 'eu'][1 + trace % 4]], []) AS tags,
  '' AS prompt_name, '' AS prompt_version, concat('2026.', toString(intDiv(trace, 100000) % 50)) AS release, 'production' AS environment, '' AS variant,
  if(is_call, 'otel_genai', 'other') AS dialect,
  if(is_call, map('gen_ai.request.temperature', '0.2', 'gen_ai.response.id', concat('resp_', hex(sipHash64(n, 2))), 'server.address', 'api.example.com'),
    map('thread.id', toString(n % 17), 'code.function', name)) AS attributes,
  map('host.name', concat('node-', toString(trace % 12)), 'service.version', '1.4.2', 'telemetry.sdk.name', 'opentelemetry', 'telemetry.sdk.language', 'nodejs') AS resource_attributes,
  'agent-sdk' AS scope, '' AS events, '' AS links,
  fromUnixTimestamp64Micro(intDiv(start_ns, 1000) + ${RECEIVED_AFTER[version]}000000, 'UTC') AS received_at, 'otlp_traces_http' AS source
FROM (
  SELECT {first:UInt64} + number AS n, ${shape},
    toInt64({traceStart:Int64} + trace * {traceStepNs:Int64} * (1 - {longTrace:Bool}) + toInt64(if({longTrace:Bool}, place * 50, place * 180) * 1000000 + 1000000 * floor(100 * ${chance(11)}))) + ${moved} AS start_ns,
    place % 10 IN (2, 5, 8) AS is_call, (place % 10 IN (2, 5) OR place = 0) AS has_messages,
    toInt64(if(place = 0, 2500, 60) * 1000000 + 400000000 * -log(1 - ${chance(12)})) + ${isUpdate ? 250_000_000 : 0} AS duration_ns
  FROM numbers({count:UInt64})
  WHERE ${SENT[version]}
)`;
}
