import { SpanBlock } from "@signalbox/db/clickhouse";
import { rowsOfInsert } from "@signalbox/db/testing";
import { expect, test } from "vitest";
import { scanTraces } from "../decode/index.ts";
import { readOrigin, type SpanOrigin, type SpanToWrite } from "../normalise/index.ts";
import { aSpan, attributes, type SpanJson } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { blockOf } from "../testing/normalised.ts";
import type { Chunk, ChunkLimits } from "./chunk.ts";
import { SpanChunks } from "./spanChunks.ts";

/** Passes the spans to `show`; one named `fails` makes our own code fail. */
function eachSpanOf(spans: readonly SpanJson[]) {
  const body = tracesProtobuf(spans);
  return (show: (toWrite: SpanToWrite) => void): void => {
    let from: SpanOrigin;
    scanTraces(body, {
      origin(origin) {
        from = readOrigin(origin);
      },
      span(span) {
        const reception = { project: "default", source: "otlp_traces_http", receivedAtUs: 1_763_900_002_000_000 } as const;
        const name = span.bytes.toString("utf8", span.nameStart, span.nameEnd);
        show({ span, reception, from: name === "fails" ? failing(from) : from });
      },
    });
  };
}

function failing(from: SpanOrigin): SpanOrigin {
  return {
    ...from,
    get origin(): never {
      throw new Error("it fails");
    },
  };
}

const event = { name: "e", timeUnixNano: "1763900000000000000", attributes: attributes({ k: "v" }) };
const fails = aSpan({ name: "fails", events: [event] });

/** Divides spans into chunks as a batch does. */
function cut(spans: readonly SpanJson[], limits: Partial<ChunkLimits> = {}): { chunks: Chunk[]; failures: number } {
  const eachSpan = eachSpanOf(spans);
  const cutting = new SpanChunks(eachSpan, { rowsMax: 1_000, bytesMax: 1_000_000, partitionsMax: 100, ...limits });
  const chunks: Chunk[] = [];
  let failures = 0;
  eachSpan((toWrite) => {
    const full = cutting.makeRoomFor(toWrite.span);
    if (full !== null) chunks.push(full);
    try {
      cutting.add(toWrite);
    } catch {
      failures += 1;
    }
  });
  const rest = cutting.rest();
  return { chunks: rest === null ? chunks : [...chunks, rest], failures };
}

const namesOf = ({ body }: Chunk): unknown[] => rowsOfInsert({ table: "spans", body }).map(({ name }) => name);
const named = (...names: string[]): SpanJson[] => names.map((name) => (name === "fails" ? fails : aSpan({ name })));

test("a chunk is limited in spans, bytes and days, and the next one counts on from there", () => {
  const [byRows, byBytes] = [cut(named("a", "b", "c"), { rowsMax: 2 }), cut(named("a", "b", "c"), { bytesMax: 1 })];
  expect(byRows.chunks.map((chunk) => [chunk.firstRow, chunk.rowCount, ...namesOf(chunk)])).toEqual([
    [0, 2, "a", "b"],
    [2, 1, "c"],
  ]);
  expect(byBytes.chunks.map(namesOf)).toEqual([["a"], ["b"], ["c"]]);
});

test("a day ends with its last nanosecond, as the store's partitions do", () => {
  const midnight = BigInt(Date.UTC(2026, 0, 2)) * 1_000_000n;
  const at = (nanos: bigint, name: string): SpanJson => aSpan({ name, startTimeUnixNano: String(nanos), endTimeUnixNano: String(nanos) });
  const spans = [at(midnight - 86_400_000_000_000n, "first"), at(midnight - 1n, "last"), at(midnight, "first of next")];
  expect(cut(spans, { partitionsMax: 1 }).chunks.map(namesOf)).toEqual([["first", "last"], ["first of next"]]);
});

test("a span that makes our own code fail leaves the block unchanged, and loses no full block", () => {
  const { chunks, failures } = cut(named("a", "fails", "b", "c", "fails", "fails", "d"), { rowsMax: 2 });
  expect(failures).toBe(3);
  expect(chunks.map(namesOf)).toEqual([["a"], ["b", "c"], ["d"]]);
  const [whole] = cut(named("a", "fails", "b")).chunks;
  expect(whole && rowsOfInsert({ table: "spans", body: whole.body })).toMatchObject([{ name: "a" }, { name: "b" }]);
});

test("a chunk's halves hold its spans without failing ones, and a single span gives its record", () => {
  const [chunk] = cut(named("a", "b", "fails", "c", "fails")).chunks;
  const halves = chunk?.halves() ?? [];
  expect(halves.map((half) => [half.firstRow, half.rowCount, ...namesOf(half)])).toEqual([
    [0, 3, "a", "b"],
    [3, 2, "c"],
  ]);
  const quarters = halves.flatMap((half) => half.halves());
  expect(quarters.map(namesOf)).toEqual([["a", "b"], [], ["c"], []]);
  expect(quarters[2]?.record()).toMatchObject({ reception: { project: "default" }, text: expect.stringContaining('"name":"c"') });
});

test("a reused block gives the same bytes as a new one", () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    aSpan({
      name: `span ${index}`,
      parentSpanId: "00f067aa0ba902b7",
      events: [event],
      attributes: [
        ...attributes({
          "gen_ai.request.model": `model ${index}`,
          [`key ${index}`]: "x".repeat(index),
          "gen_ai.usage.input_tokens": index,
        }),
        { key: "signalbox.tags", value: { arrayValue: { values: [{ stringValue: `tag ${index}` }] } } },
      ],
      status: { code: 2, message: "failed" },
    }),
  );
  const used = blockOf(tracesProtobuf(many));
  used.clear();
  expect([used.rows, used.bytes]).toEqual([0, 0]);
  const next = tracesProtobuf([aSpan(), aSpan({ name: "other", attributes: [] })]);
  expect(Buffer.concat(blockOf(next, used).encode())).toEqual(Buffer.concat(blockOf(next, new SpanBlock()).encode()));

  const [first] = cut(many).chunks;
  first?.release();
  const [second] = cut(named("a")).chunks;
  expect(second && namesOf(second)).toEqual(["a"]);
});
