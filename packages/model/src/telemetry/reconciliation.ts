import { z } from "zod";
import type { Sample } from "./prometheusText.ts";

/** The collector's metrics for its backlog, which other processes read. */
export const METRICS = {
  waitingRecords: "signalbox_collector_waiting_records",
  readableUntilSeconds: "signalbox_collector_readable_until_seconds",
} as const;

/** The route by which records arrived: the protocol, and for OTLP the signal and the transport. People and scripts rely on these names. */
export const IngestSource = z.enum([
  "otlp_traces_http",
  "otlp_traces_grpc",
  "otlp_traces_tls",
  "otlp_logs_http",
  "otlp_logs_grpc",
  "otlp_logs_tls",
  "otlp_metrics_http",
  "otlp_metrics_grpc",
  "otlp_metrics_tls",
  "langsmith",
  "langsmith_otel",
  "langfuse",
  "agentops",
  "azure",
]);
export type IngestSource = z.infer<typeof IngestSource>;

/**
 * The fates of a record. A record is the unit of its protocol: a span, a log record, a data point, an
 * operation on a LangSmith run or feedback, one telemetry item of an Application Insights envelope.
 *
 * Counted when a request is answered: `received`; `accepted` (acknowledged, and so on disk) or `rejected` (and the sender
 * told so). A request from which no record could be read counts as one `unread`. Counted when a request is written:
 * `journaled` (read back from the journal), `made` (rows created in addition, such as the span that a run is assembled
 * into), and of these the `stored`, those `sampled` out, and those `refused` (kept among the rejected ones with their
 * reason). Counted later: `deleted`, stored rows that were deleted on purpose, under the minute in which they were received.
 */
export const Fate = z.enum(["received", "accepted", "rejected", "unread", "journaled", "made", "stored", "sampled", "refused", "deleted"]);
export type Fate = z.infer<typeof Fate>;

/** The number of records of a project and source, within a time bucket (its start, seconds since 1970), with one fate and reason. */
export interface FateCount {
  project: string;
  source: IngestSource;
  time: number;
  fate: Fate;
  reason: string;
  records: number;
}

/** The number of rows of a project and source, by the time bucket in which they were received. */
export interface RowCount {
  project: string;
  source: IngestSource;
  time: number;
  rows: number;
}

/**
 * A collector's report of what is not in the store yet. Everything received before
 * `readableUntilMs` (milliseconds since 1970) is; null where it does not answer.
 */
export interface CollectorBacklog {
  waiting: readonly { project: string; source: string; records: number }[];
  readableUntilMs: number | null;
}

/** The input of a reconciliation. `readable` and `missing` are null where there were too many rows to look through. */
export interface Accounts extends CollectorBacklog {
  fates: readonly FateCount[];
  readable: readonly RowCount[] | null;
  missing: readonly RowCount[] | null;
  /** The width of a time bucket, in seconds. */
  stepSeconds: number;
}

/**
 * The counts of a source, or of one of its time buckets; null where they
 * were not looked up. `deduplicated` rows were replaced by later versions.
 */
export type SourceCounts = Record<Exclude<Fate, "unread">, number> & {
  unread: number;
  readable: number | null;
  deduplicated: number | null;
  missing: number | null;
};

/** Two counts that should be equal and are not. */
export type Discrepancy =
  | { kind: "unanswered"; received: number; answered: number }
  | { kind: "lost_in_journal"; accepted: number; journaled: number }
  | { kind: "unwritten"; expected: number; written: number }
  | { kind: "missing"; rows: number }
  | { kind: "unexplained"; rows: number };

/** The number of records with a fate, and the reason. */
export type FateReason = Pick<FateCount, "fate" | "reason" | "records">;

/**
 * The fates of the records of a project and source, in total (including those that
 * wait) and by time. Discrepancies are looked for where everything is readable.
 */
export interface Reconciliation {
  project: string;
  source: IngestSource;
  counts: SourceCounts;
  waiting: number;
  reasons: FateReason[];
  times: { time: number; isClosed: boolean; counts: SourceCounts; discrepancies: Discrepancy[] }[];
  discrepancies: Discrepancy[];
}

/** The backlog in a collector's metrics. */
export function backlogIn(samples: readonly Sample[]): CollectorBacklog {
  const waiting = samples.filter(({ name }) => name === METRICS.waitingRecords);
  const until = samples.find(({ name }) => name === METRICS.readableUntilSeconds);
  return {
    waiting: waiting.map(({ labels, value }) => ({ project: labels.project ?? "", source: labels.source ?? "", records: value })),
    readableUntilMs: until === undefined ? null : until.value * 1_000,
  };
}

/**
 * Sums up the counts by project and source. Pure. received = accepted + rejected; accepted = journaled; journaled
 * + made = stored + sampled + refused; readable = stored - deduplicated - deleted - missing. An equation that
 * does not hold in a time bucket where everything is readable is a discrepancy. `missing` rows are told from
 * replaced ones by their fingerprints; the number of replaced rows follows from that, and is never negative.
 */
export function reconcile(accounts: Accounts): Reconciliation[] {
  const keys = new Map<string, Pick<RowCount, "project" | "source">>();
  const note = ({ project, source }: Pick<RowCount, "project" | "source">) => keys.set(`${project}\n${source}`, { project, source });
  accounts.fates.forEach(note);
  accounts.readable?.forEach(note);
  for (const { project, source } of accounts.waiting) {
    const known = IngestSource.safeParse(source);
    if (known.success) note({ project, source: known.data });
  }
  return [...keys.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => reconcileSource(key, accounts));
}

function reconcileSource({ project, source }: Pick<RowCount, "project" | "source">, accounts: Accounts): Reconciliation {
  const isOwn = (counted: { project: string; source: string }): boolean => counted.project === project && counted.source === source;
  const fates = accounts.fates.filter(isOwn);
  const readable = accounts.readable?.filter(isOwn) ?? null;
  const missing = accounts.missing?.filter(isOwn) ?? null;
  const isClosed = (time: number): boolean =>
    accounts.readableUntilMs !== null && (time + accounts.stepSeconds) * 1_000 <= accounts.readableUntilMs;
  const moments = [...new Set([...fates, ...(readable ?? [])].map(({ time }) => time))].sort((a, b) => a - b);
  const times = moments.map((time) => {
    const isThen = (counted: { time: number }): boolean => counted.time === time;
    const counts = countsOf(fates.filter(isThen), readable?.filter(isThen) ?? null, missing?.filter(isThen) ?? null);
    return { time, isClosed: isClosed(time), counts, discrepancies: isClosed(time) ? discrepanciesOf(counts) : [] };
  });
  const counts = countsOf(fates, readable, missing);
  const waiting = accounts.waiting.filter(isOwn).reduce((sum, { records }) => sum + records, 0);
  return {
    project,
    source,
    counts: { ...counts, received: counts.received + waiting, accepted: counts.accepted + waiting },
    waiting,
    reasons: reasonsOf(fates),
    times,
    discrepancies: times.flatMap(({ discrepancies }) => discrepancies),
  };
}

function countsOf(fates: readonly FateCount[], readable: readonly RowCount[] | null, missing: readonly RowCount[] | null): SourceCounts {
  const of = (fate: Fate): number => fates.reduce((sum, counted) => (counted.fate === fate ? sum + counted.records : sum), 0);
  const rowsOf = (counted: readonly RowCount[] | null): number | null => counted?.reduce((sum, { rows }) => sum + rows, 0) ?? null;
  const fated = Object.fromEntries(Fate.options.map((fate) => [fate, of(fate)])) as Record<Fate, number>;
  const rows = { readable: rowsOf(readable), missing: rowsOf(missing) };
  const deduplicated = rows.readable === null ? null : fated.stored - fated.deleted - rows.readable - (rows.missing ?? 0);
  return { ...fated, ...rows, deduplicated };
}

function discrepanciesOf(counts: SourceCounts): Discrepancy[] {
  const found: Discrepancy[] = [];
  const answered = counts.accepted + counts.rejected;
  if (counts.received !== answered) found.push({ kind: "unanswered", received: counts.received, answered });
  if (counts.accepted !== counts.journaled) found.push({ kind: "lost_in_journal", accepted: counts.accepted, journaled: counts.journaled });
  const [expected, written] = [counts.journaled + counts.made, counts.stored + counts.sampled + counts.refused];
  if (expected !== written) found.push({ kind: "unwritten", expected, written });
  if ((counts.missing ?? 0) > 0) found.push({ kind: "missing", rows: counts.missing ?? 0 });
  if ((counts.deduplicated ?? 0) < 0) found.push({ kind: "unexplained", rows: -(counts.deduplicated ?? 0) });
  return found;
}

function reasonsOf(fates: readonly FateCount[]): FateReason[] {
  const sums = new Map<string, FateReason>();
  for (const { fate, reason, records } of fates) {
    if (reason === "") continue;
    const known = sums.get(`${fate} ${reason}`);
    if (known === undefined) sums.set(`${fate} ${reason}`, { fate, reason, records });
    else known.records += records;
  }
  return [...sums.values()].sort((a, b) => b.records - a.records || (`${a.fate} ${a.reason}` < `${b.fate} ${b.reason}` ? -1 : 1));
}
