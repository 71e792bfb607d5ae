import { OTLPMetricExporter as GrpcExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as JsonExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERY_METRIC, everyMetricProtobuf, metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilWritten } from "../testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const rowsOf = (service: string) =>
  store.rows(`SELECT * EXCEPT (series, service, received_at, time, start_time, resource_attributes), time > '2026-01-01' AS isTimed,
    start_time > '2026-01-01' AS isStarted,
    toInt8(length(bucket_counts) - length(explicit_bounds)) AS bucketsMore, toUInt8(arraySum(positive_counts)) AS positives FROM metric_points FINAL WHERE service = '${service}' ORDER BY metric, attributes['queue']`);

type Exporter = typeof JsonExporter | typeof ProtobufExporter | typeof GrpcExporter;

async function measure(url: string, Exporter: Exporter, service: string): Promise<void> {
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    readers: [new PeriodicExportingMetricReader({ exporter: new Exporter({ url }), exportIntervalMillis: 3_600_000 })],
    views: [{ instrumentName: "exponential", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter("my-agent");
  meter.createCounter("tokens", { unit: "{token}", description: "used so far" }).add(12, { model: "gpt-4o" });
  meter.createGauge("queue.length").record(-3, { queue: "a" });
  for (const name of ["latency", "exponential"]) {
    const histogram = meter.createHistogram(name, { unit: "ms" });
    for (const value of [0.5, 7, 7, 4_000]) histogram.record(value);
  }
  await provider.shutdown();
}

test("metrics of the official SDK in protobuf, in JSON and over gRPC are the same rows", async () => {
  await using collector = await startTestCollector({}, store.insert);
  await measure(`${collector.url}/v1/metrics`, ProtobufExporter, "in-protobuf");
  await measure(`${collector.url}/v1/metrics`, JsonExporter, "in-json");
  await measure(collector.grpcUrl, GrpcExporter, "over-grpc");
  await untilWritten(collector.url);
  const rows = (await rowsOf("in-protobuf")).map((row) => ({ ...row, source: expect.stringMatching(/^otlp_metrics_(http|grpc)$/) }));
  expect(await rowsOf("in-json")).toEqual(rows);
  expect(await rowsOf("over-grpc")).toEqual(rows);
  const [exponential, latency, queue, tokens] = rows;
  expect(exponential).toMatchObject({
    type: "exponential_histogram",
    positives: 4,
    count: "4",
    sum: 4_014.5,
    min: 0.5,
    max: 4_000,
    temporality: "cumulative",
  });
  expect(latency).toMatchObject({ type: "histogram", unit: "ms", bucketsMore: 1, count: "4", sum: 4_014.5, min: 0.5, max: 4_000 });
  expect(queue).toMatchObject({ type: "gauge", value: -3, attributes: { queue: "a" }, scope: "my-agent", isTimed: 1 });
  expect(tokens).toMatchObject({
    ...{ type: "sum", value: 12, unit: "{token}", description: "used so far", is_monotonic: true, temporality: "cumulative" },
    ...{ attributes: { model: "gpt-4o" }, isTimed: 1, isStarted: 1 },
  });
});

test("points of every type are stored as they were sent, and those sent again are the same rows", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const post = async (type: string, body: string | Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(`${collector.url}/v1/metrics`, { method: "POST", headers: { "content-type": type }, body });
    expect(answer.status).toBe(200);
  };
  await post("application/json", JSON.stringify(metricsRequest(EVERY_METRIC, "every")));
  await post("application/x-protobuf", new Uint8Array(everyMetricProtobuf("every")));
  await untilWritten(collector.url);
  const rows = await rowsOf("every");
  expect(rows).toHaveLength(7);
  expect(rows[0]).toMatchObject({
    ...{ metric: "latency", count: "18446744073709551615", sum: 7.5, min: -1 },
    ...{ bucket_counts: ["1", "2", "0"], explicit_bounds: [0, 10.5], temporality: "delta" },
  });
  expect(rows[1]).toMatchObject({
    ...{ metric: "latency.exponential", scale: -3, zero_count: "1", zero_threshold: 0.001, sum: null },
    ...{ positive_offset: -2, positive_counts: ["1", "300"], negative_offset: 4, negative_counts: ["2"] },
  });
  expect(rows.filter(({ metric }) => metric === "queue.length")).toHaveLength(2);
  expect(rows[4]).toMatchObject({
    metric: "rpc.duration",
    type: "summary",
    quantiles: [0.5, 1],
    quantile_values: [2, 4],
    sum: 9,
    count: "3",
  });
  expect(await store.number("SELECT countIf(isNaN(value)) FROM metric_points FINAL WHERE service = 'every'")).toBe(1);
  expect(await store.number("SELECT countIf(max = inf) FROM metric_points FINAL WHERE service = 'every'")).toBe(1);
  const [exemplar] = await store.rows(`SELECT JSONExtractString(exemplars, 1, 'spanId') AS spanId FROM metric_points FINAL
    WHERE service = 'every' AND exemplars != '[]'`);
  expect(exemplar).toEqual({ spanId: "eee19b7ec3c1b174" });
});

test("bad points among good ones are counted in their own field, and kept as rejected", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const point = { timeUnixNano: "1763900000000000000" };
  const metric = { name: "n", gauge: { dataPoints: [{ ...point, asInt: 1 }, point, { ...point, asInt: 2, timeUnixNano: "1" }] } };
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(metricsRequest([metric], "some-bad"));
  const answer = await fetch(`${collector.url}/v1/metrics`, { method: "POST", headers, body });
  expect(await answer.json()).toEqual({
    partialSuccess: { rejectedDataPoints: "2", errorMessage: expect.stringContaining("1 rejected: the data point has no value") },
  });
  await untilWritten(collector.url);
  expect(await rowsOf("some-bad")).toHaveLength(1);
  expect(await store.number("SELECT count() FROM rejected FINAL WHERE source = 'otlp_metrics_http'")).toBe(2);
});
