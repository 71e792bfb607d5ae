import { attributes } from "./otlpBuilders.ts";
import { doublePart, fixed, fixedPart, part, textPart, varintPart, zigzagPart } from "./protobufParts.ts";

const TIME = 1_763_900_000_000_000_000n;
const START = 1_763_899_990_000_000_000n;
const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MIN = -(2n ** 63n);
const TRACE_ID = "5b8efff798038103d269b633813fc60c";
const SPAN_ID = "eee19b7ec3c1b174";

const times = { startTimeUnixNano: String(START), timeUnixNano: String(TIME) };
const exemplars = [
  { timeUnixNano: String(TIME), asDouble: 0.5, traceId: TRACE_ID, spanId: SPAN_ID, filteredAttributes: attributes({ k: "v" }) },
];

/** Metrics of every type in OTLP's JSON mapping, one or two points each. */
export const EVERY_METRIC = [
  {
    name: "queue.length",
    unit: "{task}",
    gauge: {
      dataPoints: [
        { ...times, asInt: String(INT64_MIN), attributes: attributes({ queue: "a" }), exemplars },
        { ...times, asDouble: "NaN" },
      ],
    },
  },
  {
    name: "tokens",
    description: "used so far",
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [
        { ...times, asDouble: 12.5 },
        { timeUnixNano: String(TIME), flags: 1 },
      ],
    },
  },
  {
    name: "latency",
    unit: "ms",
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [
        {
          ...times,
          count: String(UINT64_MAX),
          sum: 7.5,
          min: -1,
          max: "Infinity",
          bucketCounts: ["1", "2", "0"],
          explicitBounds: [0, 10.5],
        },
      ],
    },
  },
  {
    name: "latency.exponential",
    exponentialHistogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          ...times,
          count: 6,
          scale: -3,
          zeroCount: 1,
          zeroThreshold: 0.001,
          positive: { offset: -2, bucketCounts: [1, "300"] },
          negative: { offset: 4, bucketCounts: [2] },
        },
      ],
    },
  },
  {
    name: "rpc.duration",
    summary: {
      dataPoints: [
        {
          ...times,
          count: "3",
          sum: 9,
          quantileValues: [
            { quantile: 0.5, value: 2 },
            { quantile: 1, value: 4 },
          ],
        },
      ],
    },
  },
];

/** An ExportMetricsServiceRequest in OTLP's JSON mapping. */
export function metricsRequest(metrics: readonly object[], serviceName = "test") {
  return {
    resourceMetrics: [
      { resource: { attributes: attributes({ "service.name": serviceName }) }, scopeMetrics: [{ scope: { name: "tests" }, metrics }] },
    ],
  };
}

const timeParts = (start: number): Buffer[] => [fixedPart(start, START), fixedPart(start + 1, TIME)];
const attributePart = (field: number, key: string, value: string): Buffer => part(field, textPart(1, key), part(2, textPart(1, value)));

const EXEMPLAR = part(
  5,
  fixedPart(2, TIME),
  doublePart(3, 0.5),
  part(4, Buffer.from(SPAN_ID, "hex")),
  part(5, Buffer.from(TRACE_ID, "hex")),
  attributePart(7, "k", "v"),
);

const GAUGE = part(
  5,
  part(1, ...timeParts(2), fixedPart(6, INT64_MIN), attributePart(7, "queue", "a"), EXEMPLAR),
  part(1, ...timeParts(2), doublePart(4, Number.NaN)),
);
const SUM = part(
  7,
  part(1, ...timeParts(2), doublePart(4, 12.5)),
  part(1, fixedPart(3, TIME), varintPart(8, 1)),
  varintPart(2, 2),
  varintPart(3, 1),
);
/** Its counts are packed and its bounds are separate fields: readers must accept both. */
const HISTOGRAM = part(
  9,
  part(
    1,
    ...timeParts(2),
    fixedPart(4, UINT64_MAX),
    doublePart(5, 7.5),
    part(6, fixed(1n), fixed(2n), fixed(0n)),
    doublePart(7, 0),
    doublePart(7, 10.5),
    doublePart(11, -1),
    doublePart(12, Number.POSITIVE_INFINITY),
  ),
  varintPart(2, 1),
);
const EXPONENTIAL = part(
  10,
  part(
    1,
    ...timeParts(2),
    fixedPart(4, 6n),
    zigzagPart(6, -3),
    fixedPart(7, 1n),
    part(8, zigzagPart(1, -2), part(2, Buffer.from([1, 0xac, 0x02]))),
    part(9, zigzagPart(1, 4), varintPart(2, 2)),
    doublePart(14, 0.001),
  ),
  varintPart(2, 2),
);
const SUMMARY = part(
  11,
  part(
    1,
    ...timeParts(2),
    fixedPart(4, 3n),
    doublePart(5, 9),
    part(6, doublePart(1, 0.5), doublePart(2, 2)),
    part(6, doublePart(1, 1), doublePart(2, 4)),
  ),
);

/** `metricsRequest(EVERY_METRIC)` in protobuf. A metric's name comes before or after its data. */
export function everyMetricProtobuf(serviceName = "test"): Buffer {
  const metrics = [
    part(2, textPart(1, "queue.length"), textPart(3, "{task}"), GAUGE),
    part(2, SUM, textPart(1, "tokens"), textPart(2, "used so far")),
    part(2, textPart(1, "latency"), textPart(3, "ms"), HISTOGRAM),
    part(2, textPart(1, "latency.exponential"), EXPONENTIAL),
    part(2, textPart(1, "rpc.duration"), SUMMARY),
  ];
  const resource = part(1, attributePart(1, "service.name", serviceName));
  return part(1, resource, part(2, part(1, textPart(1, "tests")), ...metrics));
}

/** One histogram with a packed list of `count` zeros: small on the wire, large in memory. */
export function countsProtobuf(count: number): Buffer {
  const point = part(1, part(8, part(2, Buffer.alloc(count))));
  return part(1, part(2, part(2, textPart(1, "n"), part(10, point))));
}
