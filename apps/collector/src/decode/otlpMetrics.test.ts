import { expect, test } from "vitest";
import { countsProtobuf, EVERY_METRIC, everyMetricProtobuf, metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { part } from "../testing/builders/protobufParts.ts";
import { decodeMetricPoints, faultOfMetricPoint, MalformedBody } from "./index.ts";
import { VALUES_MAX } from "./malformedBody.ts";

const NOW_US = Date.now() * 1_000;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The points of one metric, sent in JSON. */
const pointsOf = (metric: object) => decodeMetricPoints(json(metricsRequest([metric])), "json");

const faultsOf = (metric: object) => pointsOf(metric).map((point) => faultOfMetricPoint(point, NOW_US));

test("metrics of every type decode to the same in protobuf and in JSON", () => {
  const points = decodeMetricPoints(everyMetricProtobuf(), "protobuf");
  expect(points).toEqual(decodeMetricPoints(json(metricsRequest(EVERY_METRIC)), "json"));
  expect(points.map(({ metric, type }) => [metric.name, type])).toEqual([
    ["queue.length", "gauge"],
    ["queue.length", "gauge"],
    ["tokens", "sum"],
    ["tokens", "sum"],
    ["latency", "histogram"],
    ["latency.exponential", "exponential_histogram"],
    ["rpc.duration", "summary"],
  ]);
  expect(points.map((point) => faultOfMetricPoint(point, NOW_US))).toEqual(Array(7).fill(null));
  expect(points[0]).toMatchObject({ value: "-9223372036854775808", origin: { scope: "tests" }, metric: { unit: "{task}" } });
  expect(points[2]?.metric).toEqual({ name: "tokens", description: "used so far", unit: "", temporality: 2, isMonotonic: true });
  expect(points[4]).toMatchObject({ count: "18446744073709551615", min: -1, max: "Infinity", bucketCounts: [1, 2, 0] });
  expect(points[5]).toMatchObject({ scale: -3, positive: { offset: -2, counts: [1, 300] }, sum: null });
});

test("each point is judged alone", () => {
  const timeUnixNano = "1763900000000000000";
  const good = { timeUnixNano, asInt: 0 };
  expect(faultsOf({ name: "n", gauge: { dataPoints: [good, { timeUnixNano }, { asInt: 1, timeUnixNano: "5" }] } })).toEqual([
    null,
    "no_value",
    "bad_start_time",
  ]);
  expect(
    faultsOf({
      name: "n",
      sum: {
        dataPoints: [
          { ...good, startTimeUnixNano: "5" },
          { timeUnixNano, flags: 1 },
        ],
      },
    }),
  ).toEqual(["bad_start_time", null]);
  expect(faultsOf({ gauge: { dataPoints: [good] } })).toEqual(["no_metric_name"]);
  const buckets = [
    { timeUnixNano, count: 1 },
    { timeUnixNano, bucketCounts: [1, 2], explicitBounds: [5] },
    { timeUnixNano, bucketCounts: [1], explicitBounds: [5] },
    { timeUnixNano, explicitBounds: [5] },
    { timeUnixNano, bucketCounts: [1, 1, 1], explicitBounds: [5, 5] },
    { timeUnixNano, bucketCounts: [1, 1, 1], explicitBounds: [5, "NaN"] },
  ];
  expect(faultsOf({ name: "n", histogram: { dataPoints: buckets } })).toEqual([null, null, ...Array(4).fill("bad_buckets")]);
});

test.each([
  ["a count below 0", { histogram: { dataPoints: [{ count: -1 }] } }],
  ["a count of text", { histogram: { dataPoints: [{ bucketCounts: ["many"] }] } }],
  ["a bound that is null", { histogram: { dataPoints: [{ explicitBounds: [null] }] } }],
  ["bounds that are no list", { histogram: { dataPoints: [{ explicitBounds: 5 }] } }],
  ["a scale beyond 32 bits", { exponentialHistogram: { dataPoints: [{ scale: 2 ** 31 }] } }],
  ["a value of text", { gauge: { dataPoints: [{ asDouble: "much" }] } }],
  ["a point that is no object", { gauge: { dataPoints: [5] } }],
])("JSON with %s is malformed", (_name, metric) => {
  expect(() => pointsOf({ name: "n", ...metric })).toThrow(MalformedBody);
});

test("more points than memory allows are refused, in either encoding", () => {
  const count = 500_001;
  const inProtobuf = part(1, part(2, part(2, part(5, Buffer.alloc(2 * count).fill(Buffer.from([0x0a, 0]))))));
  const inJson = json(metricsRequest([{ gauge: { dataPoints: Array(count).fill({}) } }]));
  const tooMany = expect.objectContaining({ fault: "too_large", message: "more than 500000 data points in one request" });
  expect(() => decodeMetricPoints(inProtobuf, "protobuf")).toThrow(tooMany);
  expect(() => decodeMetricPoints(inJson, "json")).toThrow(tooMany);
});

test("a list of counts that is cut off, or larger than memory allows, is refused", () => {
  const cut = Buffer.from(everyMetricProtobuf());
  expect(() => decodeMetricPoints(cut.subarray(0, cut.length - 3), "protobuf")).toThrow(MalformedBody);
  const tooMany = { fault: "too_large" };
  expect(() => decodeMetricPoints(countsProtobuf(VALUES_MAX), "protobuf")).toThrow(expect.objectContaining(tooMany));
  expect(decodeMetricPoints(countsProtobuf(1_000), "protobuf")[0]?.positive.counts).toHaveLength(1_000);
});
