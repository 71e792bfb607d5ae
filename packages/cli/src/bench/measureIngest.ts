import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Comparison } from "@signalbox/db/clickhouse";
import type { LoadReport } from "../loadgen/loadReport.ts";
import { type BenchStack, calledOffBy, openBenchPlace, settled, startBenchStack } from "./benchStack.ts";
import { measureEngineLimit } from "./engineLimit.ts";
import { expectedSpans } from "./expectedSpans.ts";
import { runLoadgen } from "./loadgenProcess.ts";
import { measurePlainIngest } from "./plainIngest.ts";
import { coresBusy, machineBusyMs, type ProcessUsage, processUsage } from "./processUsage.ts";
import { measureReadability } from "./readability.ts";
import { journalBytes } from "./untilSettled.ts";
import { type Business, type Wall, wallOf } from "./wall.ts";

const SAMPLE_EVERY_MS = 1_000;

/** Half load is half as long as full load, and not shorter than this. */
const HALF_SECONDS_MIN = 2;

/** What is sent, for how long, and into which table. */
export interface IngestOptions {
  bytesPerSpan: number;
  spansPerRequest: number;
  dialects: string;
  seconds: number;
  connections: number;
  textIndex: boolean;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Microseconds of CPU that a span costs, by process; null where the system does not tell. */
interface SpanCost {
  collector: number | null;
  clickhouse: number | null;
  loadgen: number | null;
}

/** What one payload came to. Times in milliseconds, sizes in bytes. `docs/guides/measure-ingest.md` says what each field means. */
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

/** How things stood at a moment of the saturated run. */
interface Sample {
  seconds: number;
  journalBytes: number;
  activeParts: number;
  collectorBytes: number;
  clickhouseBytes: number;
}

/** A saturated run until its merges are settled. */
interface Saturated {
  report: LoadReport;
  totalMs: number;
  settledAfterMs: number;
  busy: Business;
  cost: SpanCost;
  bytesOnDisk: number;
  samples: Sample[];
}

/** Runs the whole measurement of one payload on a stack of its own, and leaves nothing behind. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const { signal, note } = options;
  using place = await openBenchPlace();
  await using stack = await startBenchStack(place, { note, signal });
  const calledOff = calledOffBy(signal, stack);
  const { dataDir } = place.config;
  const { store } = stack;
  if (options.textIndex) await store.addTextIndexes();

  note("Saturated …");
  const logs = { saturated: join(dataDir, "saturated.log"), half: join(dataDir, "half.log") };
  const saturated = await saturate(stack, { ...options, signal: calledOff }, logs.saturated);
  const spansPerSecond = saturated.report.spans.acknowledged / (saturated.totalMs / 1_000);

  note(`${Math.round(spansPerSecond)} spans/s. Half of it …`);
  const halfSeconds = Math.max(HALF_SECONDS_MIN, Math.round(options.seconds / 2));
  const [half, readability] = await Promise.all([
    runLoadgen(
      { ...loadFlags(stack, options), duration: halfSeconds, rate: Math.max(1, Math.round(spansPerSecond / 2)), log: logs.half },
      calledOff,
    ),
    measureReadability(stack.otlpUrl, store, {
      durationMs: halfSeconds * 1_000,
      bytesPerSpan: options.bytesPerSpan,
      seed: 1,
      signal: calledOff,
    }),
  ]);
  await settled(stack, calledOff);

  note("Comparing with the client's log …");
  for (const log of Object.values(logs)) await store.keepAcknowledged(expectedSpans(log, { withText: false }));
  const comparison = await store.compareAcknowledged({ withText: false, final: false });

  note("The engine alone …");
  const engine = await measureEngineLimit(store, dataDir, calledOff);
  note("protobufjs and JSONEachRow …");
  const { form, seed, spansPerTrace, spansPerRequest, dialects, templates } = saturated.report;
  const payload = { form, seed, spansPerTrace, spansPerRequest, dialects, templates, bytesPerSpan: options.bytesPerSpan };
  const plain = await measurePlainIngest(store, payload, { durationMs: halfSeconds * 1_000, signal: calledOff });
  return figuresOf({ saturated, half, readability, comparison, engine, plain });
}

type Parts = {
  saturated: Saturated;
  half: LoadReport;
  readability: Awaited<ReturnType<typeof measureReadability>>;
  comparison: Comparison;
  engine: Awaited<ReturnType<typeof measureEngineLimit>>;
  plain: Awaited<ReturnType<typeof measurePlainIngest>>;
};

function figuresOf({ saturated, half, readability, comparison, engine, plain }: Parts): IngestFigures {
  const { report, busy, cost, samples } = saturated;
  const spans = report.spans.acknowledged;
  const spansPerSecond = spans / (saturated.totalMs / 1_000);
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

async function saturate(stack: BenchStack, options: IngestOptions, log: string): Promise<Saturated> {
  const { seconds, signal } = options;
  const usage = () => ({ collector: processUsage(stack.part("collector").pid), clickhouse: processUsage(stack.part("clickhouse").pid) });
  const before = usage();
  const startedAt = performance.now();
  const machineBefore = machineBusyMs();
  const loadDone = new AbortController();
  const sampling = sample(stack, AbortSignal.any([signal, loadDone.signal]));
  const report = await runLoadgen({ ...loadFlags(stack, options), duration: seconds, log }, signal).finally(() => loadDone.abort());
  const loadEndedAt = performance.now();
  const loaded = usage();
  const machineCores = (machineBusyMs() - machineBefore) / (loadEndedAt - startedAt);
  const settledAt = await settled(stack, signal);
  const after = usage();
  const { durationMs, cpuMicrosecondsPerSpan, spans } = report;
  return {
    report,
    totalMs: durationMs + Math.max(0, settledAt - loadEndedAt),
    settledAfterMs: Math.max(0, settledAt - loadEndedAt),
    busy: {
      collector: coresBusy(before.collector, loaded.collector, durationMs),
      clickhouse: coresBusy(before.clickhouse, loaded.clickhouse, durationMs),
      loadgen: rounded(((cpuMicrosecondsPerSpan ?? 0) * spans.acknowledged) / 1_000 / durationMs, 2),
      machine: rounded(machineCores, 2),
    },
    cost: {
      collector: costPerSpan(before.collector, after.collector, spans.acknowledged),
      clickhouse: costPerSpan(before.clickhouse, after.clickhouse, spans.acknowledged),
      loadgen: cpuMicrosecondsPerSpan,
    },
    bytesOnDisk: (await stack.store.storage("spans")).bytes,
    samples: await sampling,
  };
}

function costPerSpan(before: ProcessUsage | undefined, after: ProcessUsage | undefined, spans: number): number | null {
  return before === undefined || after === undefined ? null : rounded((after.cpuMicroseconds - before.cpuMicroseconds) / spans, 2);
}

/** Looks once a second until the signal aborts. */
async function sample({ otlpUrl, store, part }: BenchStack, until: AbortSignal): Promise<Sample[]> {
  const startedAt = performance.now();
  const samples: Sample[] = [];
  while (!until.aborted) {
    await sleep(SAMPLE_EVERY_MS, undefined, { signal: until }).catch(() => {});
    const look = Promise.all([store.storage("spans"), journalBytes(otlpUrl, until)]);
    const [storage, waiting] = await look.catch(() => []);
    if (storage === undefined || waiting === undefined) continue;
    samples.push({
      seconds: rounded((performance.now() - startedAt) / 1_000, 1),
      journalBytes: waiting,
      activeParts: storage.activeParts,
      collectorBytes: processUsage(part("collector").pid)?.residentBytes ?? 0,
      clickhouseBytes: processUsage(part("clickhouse").pid)?.residentBytes ?? 0,
    });
  }
  return samples;
}

function loadFlags({ otlpUrl }: BenchStack, { bytesPerSpan, spansPerRequest, dialects, connections }: IngestOptions) {
  return { endpoint: otlpUrl, "bytes-per-span": bytesPerSpan, "spans-per-request": spansPerRequest, dialects, connections };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
