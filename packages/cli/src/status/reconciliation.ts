import { createClickHouse, createLedgerReader } from "@signalbox/db/clickhouse";
import { backlogIn, type Discrepancy, type FateReason, type Reconciliation, reconcile, type Sample } from "@signalbox/model";

/** The window of arrivals that is reported, in seconds. */
const SECONDS = 3_600;
const STEP_SECONDS = 60;
const ANSWER_MS_MAX = 10_000;

/**
 * The fates of one project's records from one source. Counts are records; a null `missing` means that there were too many rows to search.
 */
export type ReconciledSource = Pick<Reconciliation, "project" | "source" | "waiting"> &
  Reconciliation["counts"] & { reasons: FateReason[]; discrepancies: Discrepancy[] };

/** The fates of records that arrived since `since`; times are ISO 8601. `readableUntil` is null where the collector does not answer. */
export interface ReconciledHour {
  since: string;
  readableUntil: string | null;
  sources: ReconciledSource[];
}

/** Reconciles the last hour from the store and the backlog in the collector's metrics. Null where the store does not answer. */
export async function reconcileHour(clickhouseUrl: string, collector: readonly Sample[], nowMs: number): Promise<ReconciledHour | null> {
  const backlog = backlogIn(collector);
  const clickhouse = createClickHouse(clickhouseUrl, { requestTimeoutMs: ANSWER_MS_MAX });
  const to = Math.ceil(nowMs / 60_000) * 60;
  const window = { from: to - SECONDS, to, stepSeconds: STEP_SECONDS };
  try {
    const accounts = await createLedgerReader(clickhouse).accounts("", window, backlog);
    return {
      since: new Date(window.from * 1_000).toISOString(),
      readableUntil: backlog.readableUntilMs === null ? null : new Date(backlog.readableUntilMs).toISOString(),
      sources: reconcile(accounts).map(({ project, source, waiting, counts, reasons, discrepancies }) => ({
        ...{ project, source, waiting },
        ...counts,
        ...{ reasons, discrepancies },
      })),
    };
  } catch {
    return null;
  } finally {
    await clickhouse.close();
  }
}

const COLUMNS = [
  "received",
  "rejected",
  "accepted",
  "waiting",
  "sampled",
  "refused",
  "made",
  "stored",
  "deduplicated",
  "deleted",
  "missing",
  "readable",
] as const;

/** The hour as rows of a table. */
export function reconciliationRows({ sources }: ReconciledHour): string[][] {
  const rows = sources.map((source) => [source.project, source.source, ...COLUMNS.map((column) => String(source[column] ?? "?"))]);
  return [["project", "source", ...COLUMNS], ...rows];
}

/** The discrepancies, one sentence each. */
export function discrepancyTexts({ sources }: ReconciledHour): string[] {
  return sources.flatMap(({ project, source, discrepancies }) =>
    discrepancies.map((discrepancy) => `${project} ${source}: ${discrepancyText(discrepancy)}`),
  );
}

function discrepancyText(found: Discrepancy): string {
  switch (found.kind) {
    case "unanswered":
      return `${found.received} received, but ${found.answered} accepted or rejected`;
    case "lost_in_journal":
      return `${found.accepted} accepted, but ${found.journaled} came out of the journal`;
    case "unwritten":
      return `${found.expected} to be stored, but ${found.written} stored, sampled out or refused`;
    case "missing":
      return `${found.rows} rows were stored and are nowhere`;
    case "unexplained":
      return `${found.rows} rows more are readable than were stored`;
  }
}
