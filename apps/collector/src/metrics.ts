import { METRICS } from "@signalbox/model";
import { Counter, Gauge, Registry } from "prom-client";
import type { WaitingRecords } from "./journal/index.ts";

/** Levels that are looked up when the metrics are read. */
interface Levels {
  journalBytes: () => number;
  waiting: () => readonly WaitingRecords[];
  /** When the oldest request that is not in the store was received, in milliseconds since 1970; null if all are stored. */
  oldestUnwrittenMs: () => number | null;
  clock: () => number;
}

/**
 * Counters since the collector started, and levels looked up at each reading. A record is the unit of its signal (a span, a log record, a
 * data point); `source` is the route by which it came.
 */
export function createMetrics({ journalBytes, waiting, oldestUnwrittenMs, clock }: Levels) {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: "signalbox_collector_requests_total",
      help: "Requests answered, by the way they came and HTTP status (over gRPC its code, 1 for those whose sender hung up).",
      labelNames: ["source", "status"],
      registers,
    }),
    received: new Counter({
      name: "signalbox_collector_records_received_total",
      help: "Records in well-formed requests, stored or not.",
      labelNames: ["project", "source"],
      registers,
    }),
    accepted: new Counter({
      name: "signalbox_collector_records_accepted_total",
      help: "Records acknowledged, and so on disk.",
      labelNames: ["project", "source"],
      registers,
    }),
    rejected: new Counter({
      name: "signalbox_collector_records_rejected_total",
      help: "Records that their sender was told are not stored, by reason.",
      labelNames: ["project", "source", "reason"],
      registers,
    }),
    redacted: new Counter({
      name: "signalbox_collector_redacted_total",
      help: "Pieces of telemetry that a rule of their project kept from being stored.",
      labelNames: ["project", "rule"],
      registers,
    }),
    journaledBytes: new Counter({
      name: "signalbox_collector_journaled_bytes_total",
      help: "Bodies made durable, as they came over the wire.",
      registers,
    }),
    storedRows: new Counter({
      name: "signalbox_collector_stored_rows_total",
      help: "Rows in the store, by table.",
      labelNames: ["table"],
      registers,
    }),
    storedBytes: new Counter({
      name: "signalbox_collector_stored_bytes_total",
      help: "Text of these rows, before the store compresses it.",
      labelNames: ["table"],
      registers,
    }),
    storeFailures: new Counter({
      name: "signalbox_collector_store_failures_total",
      help: "Attempts that failed and are made again.",
      registers,
    }),
    damagedBytes: new Counter({
      name: "signalbox_collector_journal_damaged_bytes_total",
      help: "Bytes of the journal that no record can be read from; their segment is kept aside.",
      registers,
    }),
    tornBytes: new Counter({
      name: "signalbox_collector_journal_torn_bytes_total",
      help: "Bytes cut from the journal's end at the start: written, never acknowledged.",
      registers,
    }),
    lostRows: new Counter({
      name: "signalbox_collector_lost_rows_total",
      help: "Rows that the store takes in no table; their segment is kept aside.",
      registers,
    }),
    journalBytes: new Gauge({
      name: "signalbox_collector_journal_bytes",
      help: "Bytes in the journal that are not in the store yet.",
      registers,
      collect() {
        this.set(journalBytes());
      },
    }),
    waitingRecords: new Gauge({
      name: METRICS.waitingRecords,
      help: "Acknowledged records that are not in the store yet.",
      labelNames: ["project", "source"],
      registers,
      collect() {
        this.reset();
        for (const { project, source, records } of waiting()) if (records > 0) this.set({ project, source }, records);
      },
    }),
    readableUntilSeconds: new Gauge({
      name: METRICS.readableUntilSeconds,
      help: "Everything acknowledged that was received before this time (seconds since 1970) is in the store.",
      registers,
      collect() {
        this.set((oldestUnwrittenMs() ?? clock()) / 1_000);
      },
    }),
    oldestUnwrittenSeconds: new Gauge({
      name: "signalbox_collector_oldest_unwritten_seconds",
      help: "How long the oldest of them has waited.",
      registers,
      collect() {
        const now = clock();
        this.set(Math.max(0, now - (oldestUnwrittenMs() ?? now)) / 1_000);
      },
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** The writer's counters, on whichever thread it runs. */
export const WRITER_METRICS = ["redacted", "storedRows", "storedBytes", "storeFailures", "damagedBytes", "lostRows"] as const;

/** A counter, as the code that counts uses it. */
export interface Counts {
  inc(labels: Readonly<Record<string, string>>, value?: number): void;
}

export type WriterMetrics = Readonly<Record<(typeof WRITER_METRICS)[number], Counts>>;
