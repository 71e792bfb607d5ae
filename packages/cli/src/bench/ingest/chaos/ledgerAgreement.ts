import type { LedgerReader } from "@signalbox/db/clickhouse";
import { DEFAULT_PROJECT, type Discrepancy, reconcile, type SourceCounts } from "@signalbox/model";

const HOUR_S = 3_600;

/** The collector's clock is set back and forth by hours, so arrivals may be recorded under any of them. */
const WINDOW_S = 12 * HOUR_S;

/** The numbers in the client's own log: spans that were acknowledged at least once, and those that were sent and never were. */
interface ClientsLog {
  acknowledged: number;
  unacknowledged: number;
}

/** The reconciliation of the same spans, and whether it agrees. */
export interface LedgerAgreement {
  reconciliationAgrees: boolean;
  reconciliation: Pick<SourceCounts, "received" | "accepted" | "rejected" | "stored" | "deduplicated" | "readable" | "missing">;
  discrepancies: Discrepancy[];
}

/**
 * Compares the ledger with the client's log, once everything is stored. It agrees if its own sums hold, every row that it knows
 * is found, and as many different spans are readable as were acknowledged; spans whose acknowledgement was lost may be there too.
 */
export async function ledgerAgreement(ledger: LedgerReader, log: ClientsLog, nowMs: number): Promise<LedgerAgreement> {
  const hour = Math.floor(nowMs / 1_000 / HOUR_S) * HOUR_S;
  const window = { from: hour - WINDOW_S, to: hour + WINDOW_S, stepSeconds: HOUR_S };
  const accounts = await ledger.accounts(DEFAULT_PROJECT, window, { waiting: [], readableUntilMs: window.to * 1_000 });
  return judgeLedger(reconcile(accounts), log);
}

/** The comparison alone. Pure. */
export function judgeLedger(sources: ReturnType<typeof reconcile>, { acknowledged, unacknowledged }: ClientsLog): LedgerAgreement {
  const of = (name: keyof SourceCounts): number => sources.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  const wasLookedFor = sources.length > 0 && sources.every(({ counts }) => counts.missing !== null);
  const discrepancies = sources.flatMap((source) => source.discrepancies);
  const readable = of("readable");
  const isSame = readable >= acknowledged && readable <= acknowledged + unacknowledged;
  return {
    reconciliationAgrees: wasLookedFor && discrepancies.length === 0 && isSame,
    reconciliation: {
      received: of("received"),
      accepted: of("accepted"),
      rejected: of("rejected"),
      stored: of("stored"),
      deduplicated: of("deduplicated"),
      readable,
      missing: wasLookedFor ? of("missing") : null,
    },
    discrepancies,
  };
}
