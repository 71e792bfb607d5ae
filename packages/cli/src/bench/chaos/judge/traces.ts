import type { TraceCounts } from "@signalbox/db/clickhouse";
import type { JournalCounts } from "@signalbox/db/prisma";

/** The tasks whose trace differs from their record in spans or decisions: some are missing, extra or duplicated. */
export function incompleteTraces(journal: readonly JournalCounts[], stored: readonly TraceCounts[]): JournalCounts[] {
  const byTrace = new Map(stored.map((counts) => [counts.traceId, counts]));
  return journal.filter(({ traceId, spans, decisions }) => {
    const found = byTrace.get(traceId);
    return found?.spans !== spans || found.spanRows !== spans || found.decisions !== decisions;
  });
}
