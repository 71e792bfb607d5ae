import { availableParallelism } from "node:os";
import type { Comparison } from "@signalbox/db/clickhouse";
import type { LoadReport } from "../../loadgen/loadReport.ts";
import { rounded } from "../rounded.ts";
import type { Sample, Saturated, SpanCost } from "../saturate.ts";
import type { MeasuredRate } from "./engineLimit.ts";
import type { Readability } from "./readability.ts";
import { type Business, type Wall, wallOf } from "./wall.ts";

/** The results for one payload. Times in milliseconds, sizes in bytes. `docs/guides/measure-ingest.md` explains each field. */
export interface IngestFigures {
  spansPerSecond: number;
  ackMsP50: number;
  ackMsP99: number;
  ackMsP50HalfLoad: number;
  ackMsP99HalfLoad: number;
  readableMsP50: number;
  readableMsP99: number;
  lost: number;
  duplicated: number;
  ofEngineLimit: number;
  versusJsonEachRow: number;
  diskPerOtlpByte: number;
  diskPerOtlpByteOfAllTables: number;
  cpuMicrosecondsPerSpan: SpanCost;
  wall: Wall;
  coresBusy: Business;
  spans: number;
  bytesPerSpan: number;
  diskBytesPerSpan: number;
  acknowledgedPerSecond: number;
  settledAfterMs: number;
  engineSpansPerSecond: number;
  jsonEachRowSpansPerSecond: number;
  errors: LoadReport["errors"];
  max: Omit<Sample, "seconds">;
  samples: Sample[];
}

/** The measurements from which the figures are computed. */
interface Measured {
  saturated: Saturated;
  half: LoadReport;
  readability: Readability;
  comparison: Comparison;
  engine: MeasuredRate;
  plain: MeasuredRate;
}

export function figuresOf({ saturated, half, readability, comparison, engine, plain }: Measured): IngestFigures {
  const { report, busy, cost, samples } = saturated;
  const spans = report.spans.acknowledged;
  const spansPerSecond = saturated.spansPerSecond;
  const largest = (key: keyof Sample): number => Math.max(0, ...samples.map((sample) => sample[key]));
  return {
    spansPerSecond: Math.round(spansPerSecond),
    ackMsP50: report.ackMsP50,
    ackMsP99: report.ackMsP99,
    ackMsP50HalfLoad: half.ackMsP50,
    ackMsP99HalfLoad: half.ackMsP99,
    readableMsP50: rounded(readability.latency.quantileMs(0.5), 1),
    readableMsP99: rounded(readability.latency.quantileMs(0.99), 1),
    lost: comparison.lost + readability.unreadable,
    duplicated: comparison.doubled,
    ofEngineLimit: rounded(spansPerSecond / engine.spansPerSecond, 3),
    versusJsonEachRow: rounded(spansPerSecond / plain.spansPerSecond, 2),
    diskPerOtlpByte: rounded(saturated.bytesOnDisk / (spans * report.bytesPerSpan), 3),
    diskPerOtlpByteOfAllTables: rounded(saturated.bytesOfAllTables / (spans * report.bytesPerSpan), 3),
    cpuMicrosecondsPerSpan: cost,
    wall: wallOf(busy, availableParallelism()),
    coresBusy: busy,
    spans,
    bytesPerSpan: report.bytesPerSpan,
    diskBytesPerSpan: rounded(saturated.bytesOnDisk / spans, 1),
    acknowledgedPerSecond: report.spansPerSecond,
    settledAfterMs: Math.round(saturated.settledAfterMs),
    engineSpansPerSecond: Math.round(engine.spansPerSecond),
    jsonEachRowSpansPerSecond: Math.round(plain.spansPerSecond),
    errors: report.errors,
    max: {
      journalBytes: largest("journalBytes"),
      activeParts: largest("activeParts"),
      collectorBytes: largest("collectorBytes"),
      clickhouseBytes: largest("clickhouseBytes"),
    },
    samples,
  };
}
