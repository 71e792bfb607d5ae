import { readFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { rowsOfInsert } from "@signalbox/db/testing";
import { mulberry32 } from "@signalbox/model";
import { expect, test, vi } from "vitest";
import { decodeLangSmith, encodeTraces, type LangSmithForm, MalformedBody, plainBody, spanOfRun } from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { LOGS, METRICS, RUNS, type Signal, TRACES, TRACK } from "../receive/signal.ts";
import { AN_EVALUATION, EVERY_ENVELOPE } from "../testing/builders/azureBuilders.ts";
import { EVERY_METRIC, everyMetricProtobuf, metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { part, textPart } from "../testing/builders/protobufParts.ts";
import { RandomTraces } from "../testing/builders/randomTraces.ts";
import { FUZZ_TIMEOUT_MS, fuzz } from "../testing/fuzzing.ts";
import { noRules } from "../testing/someRules.ts";
import { BatchChunks } from "./batchChunks.ts";
import { Tally } from "./tally.ts";

// Compares the receiver's count of a body with the writer's rows for it: whatever the bytes, neither fails or takes too long, and there are
// as many rows as records were counted. `SIGNALBOX_FUZZ_SECONDS=60 npm test -- write/fuzz` runs each target for a minute.

vi.setConfig({ testTimeout: FUZZ_TIMEOUT_MS });

const RECEIVED_AT_US = 1_763_900_002_000_000;

const fixture = (name: string): Buffer => readFileSync(new URL(`../decode/langsmith/__fixtures__/${name}`, import.meta.url));
const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

const span = aSpan({
  attributes: [
    ...attributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"größe"}]}]',
      "gen_ai.prompt.0.content": "Hi",
    }),
    { key: "nested", value: { kvlistValue: { values: [{ key: "list", value: { arrayValue: { values: [{ doubleValue: 1.5 }] } } }] } } },
  ],
  events: [{ name: "exception", timeUnixNano: "1763900000000000000", attributes: attributes({ a: "b" }) }],
});
const log = { timeUnixNano: "1763900000000000000", body: { stringValue: "hello" }, attributes: attributes({ a: 1 }) };
const decision = { timeUnixNano: "1763900000000000000", eventName: "signalbox.decision", body: { stringValue: "{}" } };
const attributeProtobuf = part(6, textPart(1, "a"), part(2, textPart(1, "b")));
const logProtobuf = part(1, part(2, part(2, textPart(3, "INFO"), part(5, textPart(1, "hello")), attributeProtobuf)));
const random = mulberry32(7);
const anyTraces = Array.from({ length: 20 }, () => new RandomTraces(random).request());
const envelopes = EVERY_ENVELOPE.filter((envelope) => envelope !== AN_EVALUATION);

/** The encoding and compression of a body. */
type Way = Pick<JournalRecord, "encoding" | "compression">;
const PROTOBUF: Way = { encoding: "protobuf", compression: "identity" };
const TEXT: Way = { encoding: "json", compression: "identity" };

/** The number of records that a receiver counts in a body, or null if it refuses it. */
function countedIn(signal: Signal, { encoding, compression }: Way, body: Buffer): number | null {
  try {
    return signal.check(plainBody(body, compression), encoding, RECEIVED_AT_US).received;
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}

/** The rows that the writer makes from a body, without the scores that spans carry. */
function rowsOf(record: JournalRecord): Record<string, unknown>[] {
  const batch = new BatchChunks(noRules(), new Tally());
  const chunks = [...batch.add(record), ...batch.rest()];
  return chunks.filter(({ table }) => table !== "scores").flatMap((chunk) => rowsOfInsert({ table: chunk.table, body: [...chunk.body] }));
}

test.each<[string, Signal, Way, Buffer[]]>([
  ["traces in protobuf", TRACES, PROTOBUF, [tracesProtobuf([span, aSpan()]), ...anyTraces]],
  ["traces in JSON", TRACES, TEXT, [json(tracesRequest([span, aSpan()]))]],
  ["logs in protobuf", LOGS, PROTOBUF, [logProtobuf, Buffer.concat([logProtobuf, logProtobuf])]],
  ["logs in JSON", LOGS, TEXT, [json(logsRequest([log, decision]))]],
  ["metrics in protobuf", METRICS, PROTOBUF, [everyMetricProtobuf()]],
  ["metrics in JSON", METRICS, TEXT, [json(metricsRequest(EVERY_METRIC))]],
  ["a list of Azure's items", TRACK, TEXT, [json(envelopes)]],
  ["lines of Azure's items", TRACK, TEXT, [Buffer.from(envelopes.map((item) => JSON.stringify(item)).join("\n"))]],
  ["traces in gzip", TRACES, { ...PROTOBUF, compression: "gzip" }, [gzipSync(tracesProtobuf([span, aSpan()]))]],
  ["traces in zstd", TRACES, { ...PROTOBUF, compression: "zstd" }, [zstdCompressSync(tracesProtobuf([span, aSpan()]))]],
])("%s: whatever the bytes, there are as many rows as records", (_name, signal, way, seeds) => {
  const countsSeen = new Set<number | null>();
  fuzz(seeds, (body) => {
    const counted = countedIn(signal, way, body);
    countsSeen.add(counted);
    if (counted === null) return;
    const counts = { received: counted, rejected: {} };
    const from = { source: "otlp_traces_http", project: "default", receivedAtUs: RECEIVED_AT_US } as const;
    const rows = rowsOf({ kind: signal.kind, ...from, ...way, counts, body });
    expect(rows).toHaveLength(counted);
    for (const row of rows) expect(row.project).toBe("default");
  });
  expect(countsSeen.size).toBeGreaterThan(1);
});

const run = { id: "01a2166c-f4c5-7000-8000-026b8e1c505f", trace_id: "01a2166c-f4c5-7000-8000-026b8e1c505f", inputs: { a: [1] } };
const batch = { post: [{ ...run, start_time: "2026-11-26T00:00:00.000000", name: "step", run_type: "chain" }], patch: [run] };

test.each<[string, LangSmithForm, Buffer[]]>([
  ["forms of LangSmith", "multipart", ["js-0.12.0", "python-0.15.1", "langchain-core-1.8.3"].map((name) => fixture(`${name}.multipart`))],
  ["batches of LangSmith", "batch", [json(batch)]],
])("%s: whatever the bytes, what can be read of a run is a span or says why it is none", (_name, form, seeds) => {
  let spans = 0;
  fuzz(seeds, (body) => {
    if (countedIn(RUNS[form], TEXT, body) === null) return;
    for (const { runId, fields } of decodeLangSmith(body, form).operations) {
      const made = spanOfRun(runId, fields);
      if (made.kind === "incomplete") continue;
      spans += 1;
      encodeTraces([made.span]);
    }
  });
  expect(spans).toBeGreaterThan(0);
});
