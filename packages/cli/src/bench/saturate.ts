import { setTimeout as sleep } from "node:timers/promises";
import type { LoadReport } from "../loadgen/loadReport.ts";
import { type BenchStack, settled } from "./benchStack.ts";
import type { Business } from "./ingest/wall.ts";
import { runLoadgen } from "./loadgenProcess.ts";
import { coresBusy, machineBusyMs, type ProcessUsage, processUsage } from "./processUsage.ts";
import { rounded } from "./rounded.ts";
import { journalBytes } from "./untilSettled.ts";

const SAMPLE_EVERY_MS = 1_000;

/** The load and its duration. */
export interface Load {
  bytesPerSpan: number;
  spansPerRequest: number;
  dialects: string;
  seconds: number;
  connections: number;
}

/** Microseconds of processor time per span, by process; null where the system does not tell. */
export interface SpanCost {
  collector: number | null;
  clickhouse: number | null;
  loadgen: number | null;
}

/** A sample of the state during the saturated run. */
export interface Sample {
  seconds: number;
  journalBytes: number;
  activeParts: number;
  collectorBytes: number;
  clickhouseBytes: number;
}

/** The results of a saturated run, until its merges are settled. */
export interface Saturated {
  report: LoadReport;
  spansPerSecond: number;
  settledAfterMs: number;
  busy: Business;
  cost: SpanCost;
  /** Of the table of spans. */
  bytesOnDisk: number;
  /** Of every table, including indexes of spans and counts. */
  bytesOfAllTables: number;
  samples: Sample[];
}

/** Sends as fast as spans are acknowledged, and waits until all of them are stored and merged. */
export async function saturate(stack: BenchStack, load: Load, log: string, signal: AbortSignal): Promise<Saturated> {
  const usage = () => ({ collector: processUsage(stack.part("collector").pid), clickhouse: processUsage(stack.part("clickhouse").pid) });
  const before = usage();
  const startedAt = performance.now();
  const machineBefore = machineBusyMs();
  const loadDone = new AbortController();
  const sampling = sample(stack, AbortSignal.any([signal, loadDone.signal]));
  const report = await runLoadgen({ ...loadFlags(stack, load), duration: load.seconds, log }, signal).finally(() => loadDone.abort());
  const loadEndedAt = performance.now();
  const loaded = usage();
  const machineCores = (machineBusyMs() - machineBefore) / (loadEndedAt - startedAt);
  const settledAt = await settled(stack, signal);
  const after = usage();
  const { durationMs, cpuMicrosecondsPerSpan, spans } = report;
  const settledAfterMs = Math.max(0, settledAt - loadEndedAt);
  return {
    report,
    spansPerSecond: spans.acknowledged / ((durationMs + settledAfterMs) / 1_000),
    settledAfterMs,
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
    bytesOfAllTables: await stack.store.bytesOfAllTables(),
    samples: await sampling,
  };
}

function costPerSpan(before: ProcessUsage | undefined, after: ProcessUsage | undefined, spans: number): number | null {
  return before === undefined || after === undefined ? null : rounded((after.cpuMicroseconds - before.cpuMicroseconds) / spans, 2);
}

/** Samples once a second until the signal aborts. */
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

/** The generator's flags for a load. */
export function loadFlags({ otlpUrl }: BenchStack, { bytesPerSpan, spansPerRequest, dialects, connections }: Load) {
  return { endpoint: otlpUrl, "bytes-per-span": bytesPerSpan, "spans-per-request": spansPerRequest, dialects, connections };
}
