import { expect, test } from "vitest";
import * as azure from "../../testing/builders/azureBuilders.ts";
import { MalformedBody } from "../malformedBody.ts";
import { decodeTrack, faultOfTrackRecord } from "./index.ts";

const NOW_US = Date.UTC(2026, 10, 26) * 1_000;

const decode = (...envelopes: object[]) => decodeTrack(Buffer.from(JSON.stringify(envelopes)));
const START = 1_795_143_845_678_901_200n;

test("requests and dependencies are spans, whose resource comes from the tags and from a separate item", () => {
  const [resource, request, dependency] = decode(azure.A_RESOURCE, azure.A_REQUEST, azure.A_DEPENDENCY);
  expect(resource).toEqual({ kind: "nothing", index: 0 });
  const origin = {
    scope: "",
    resource: new Map([
      ["service.name", "clerk"],
      ["deployment.environment.name", "prod"],
      ["service.instance.id", "i1"],
      ["service.version", "1.2.3"],
      ["azure.sdk.version", "node24:otel2.12.1:ext1.0.0-beta.47"],
    ]),
  };
  expect(request).toMatchObject({
    kind: "span",
    span: {
      ...{ origin, traceId: azure.TRACE_ID, spanId: azure.ROOT_ID, parentSpanId: "", name: "POST /ask", statusCode: 2 },
      ...{ startTimeUnixNano: START, endTimeUnixNano: START + 2_000_000_000n },
      attributes: new Map([
        ["session.id", "s1"],
        ["user.id", "u1"],
        ["azure.responseCode", "500"],
        ["azure.url", "http://me/ask"],
      ]),
    },
  });
  expect(dependency).toMatchObject({
    kind: "span",
    span: {
      ...{ origin, traceId: azure.TRACE_ID, parentSpanId: azure.ROOT_ID, statusCode: 1 },
      endTimeUnixNano: START + 90_061_001_000_500n,
      links: [{ traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174" }],
    },
  });
  expect(dependency?.kind === "span" && [...dependency.span.attributes.keys()]).toEqual([
    "gen_ai.operation.name",
    "gen_ai.request.model",
    "gen_ai.usage.input_tokens",
    "score",
    "azure.type",
    "azure.resultCode",
  ]);
});

test("messages, events and exceptions are log records of the span that they came from", () => {
  const records = decode(azure.A_MESSAGE, azure.AN_EVALUATION, azure.AN_EVENT, azure.AN_EXCEPTION);
  const logs = records.flatMap((record) => (record.kind === "log" ? record.log : []));
  expect(logs.map(({ eventName, severity, body }) => [eventName, severity, body])).toEqual([
    ["", "Warning", "hello"],
    ["gen_ai.evaluation.result", "", "n/a"],
    ["custom", "", null],
    ["exception", "Error", "bad"],
  ]);
  expect(logs[0]).toMatchObject({ traceId: azure.TRACE_ID, spanId: azure.ROOT_ID, timeUnixNano: START });
  expect(logs[3]?.attributes).toEqual(
    new Map([
      ["exception.type", "TypeError"],
      ["exception.message", "bad"],
      ["exception.stacktrace", "at x"],
    ]),
  );
});

test("a metric with a count is a histogram without buckets, one without is a gauge", () => {
  const gauge = azure.anEnvelope("MetricData", {
    metrics: [
      { name: "length", value: 3 },
      { name: "latency", value: 1, count: 1 },
    ],
  });
  const points = decode(azure.A_METRIC, gauge).flatMap((record) =>
    record.kind === "point" ? [{ index: record.index, ...record.point }] : [],
  );
  expect(points).toMatchObject([
    { index: 0, type: "histogram", metric: { name: "latency", temporality: 1 }, count: 3, sum: 7.5, min: 1, max: 4 },
    { index: 1, type: "gauge", metric: { name: "length" }, value: 3 },
    { index: 1, type: "histogram", count: 1, min: null },
  ]);
});

test("items come as a list or one per line", () => {
  const lines = `${JSON.stringify(azure.A_REQUEST)}\r\n\n${JSON.stringify(azure.A_MESSAGE)}\n`;
  expect(decodeTrack(Buffer.from(lines)).map(({ kind, index }) => [kind, index])).toEqual([
    ["span", 0],
    ["log", 1],
  ]);
  expect(decodeTrack(Buffer.from(`  [${JSON.stringify(azure.A_REQUEST)}]`))).toHaveLength(1);
  expect(decodeTrack(Buffer.alloc(0))).toEqual([]);
});

test.each([
  ["no JSON", "{"],
  ["a list of something else", "[1]"],
  ["a text", '"x"'],
  ["a list that is cut off", "[{}"],
])("a request that is %s is malformed", (_name, body) => {
  expect(() => decodeTrack(Buffer.from(body))).toThrow(MalformedBody);
});

test("too many items are refused, as a list and as lines", () => {
  const tooMany = expect.objectContaining({ fault: "too_large", message: "more than 20000 items in one request" });
  expect(() => decodeTrack(Buffer.from(`[${"{},".repeat(20_000)}{}]`))).toThrow(tooMany);
  expect(() => decodeTrack(Buffer.from("{}\n".repeat(20_001)))).toThrow(tooMany);
  const [record] = decode(azure.anEnvelope("MetricData", { metrics: Array(10_001).fill({ name: "n", value: 1 }) }));
  expect(record).toMatchObject({ kind: "refused", detail: "more than 10000 metrics in one item" });
});

const span = (baseData: object) => azure.anEnvelope("RequestData", { ...azure.A_REQUEST.data.baseData, ...baseData });

test.each([
  ["has no data", { time: "2026-11-20T03:04:05Z" }, "unknown_telemetry"],
  ["has a time of another form", { ...azure.A_REQUEST, time: "yesterday" }, "bad_envelope"],
  ["has a duration of another form", span({ duration: "2s" }), "bad_envelope"],
  ["has a property that is an object", span({ properties: { a: {} } }), "bad_envelope"],
  ["has tags that are a list", { ...azure.A_REQUEST, tags: [] }, "bad_envelope"],
  ["has links that are no JSON", span({ properties: { "_MS.links": "{" } }), "bad_envelope"],
  ["is of a kind that is not taken", azure.anEnvelope("PageViewData", {}), "unknown_telemetry"],
  ["belongs to no trace", azure.anEnvelope("RequestData", azure.A_REQUEST.data.baseData, { "ai.operation.id": "|a.b." }), "bad_trace_id"],
  ["has no id", span({ id: "" }), "bad_span_id"],
  ["is of the wrong century", { ...azure.A_REQUEST, time: "0001-01-01T00:00:00Z" }, "bad_start_time"],
])("an item that %s is refused alone", (_name, envelope, fault) => {
  const records = decode(azure.A_REQUEST, envelope, azure.A_MESSAGE);
  expect(records.map((record) => faultOfTrackRecord(record, NOW_US))).toEqual([null, fault, null]);
});

test("a refused item is kept without its instrumentation key", () => {
  const nameWithKey = { name: `Microsoft.ApplicationInsights.${azure.INSTRUMENTATION_KEY.replaceAll("-", "")}.PageView` };
  const records = decode({ ...azure.anEnvelope("PageViewData", { url: "/x" }), ...nameWithKey }, { ...azure.A_REQUEST, time: "yesterday" });
  expect(records).toMatchObject([{ item: { data: { baseData: { url: "/x" } } } }, { item: { time: "yesterday" } }]);
  expect(JSON.stringify(records).replaceAll("-", "")).not.toContain(azure.INSTRUMENTATION_KEY.replaceAll("-", ""));
});

test("a trace's id may be a UUID, and the parent of its root the trace itself", () => {
  const uuid = "C6D76716-DB30-5ECF-BED3-4D462A5C7C9F";
  const [record] = decode(
    azure.anEnvelope("RequestData", azure.A_REQUEST.data.baseData, { "ai.operation.id": uuid, "ai.operation.parentId": uuid }),
  );
  expect(record).toMatchObject({ span: { traceId: azure.TRACE_ID, parentSpanId: "" } });
});
