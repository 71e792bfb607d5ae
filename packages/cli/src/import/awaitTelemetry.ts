import { countTraces, createClickHouse } from "@signalbox/db/clickhouse";
import { countJournal, createPrisma } from "@signalbox/db/prisma";
import { collect } from "./collect.ts";
import type { Host } from "./host.ts";
import { withRetries } from "./withRetries.ts";

/** The number of traces per query. */
const ASKED_MAX = 500;

/** Waits until every recorded span and decision of the tasks can be read in the store. Throws when nothing has arrived for `stallMs`. */
export async function awaitTelemetry(
  { stores }: Host,
  project: string,
  taskIds: readonly string[],
  { stallMs, signal }: { stallMs: number; signal: AbortSignal },
): Promise<void> {
  const patience = { patienceMs: stallMs, signal };
  await using prisma = createPrisma(stores.DATABASE_URL, { connectionsMax: 1 });
  const clickhouse = createClickHouse(stores.CLICKHOUSE_URL);
  try {
    const journal = await withRetries("state store", patience, () => countJournal(prisma, taskIds));
    const wanted = new Map(journal.map((counts) => [counts.traceId, counts]));
    const ask = async (missing: readonly string[]): Promise<Map<string, true>> => {
      const found = await withRetries("telemetry store", patience, () => countTraces(clickhouse, project, missing.slice(0, ASKED_MAX)));
      const whole = found.filter(({ traceId, spans, decisions }) => {
        const counts = wanted.get(traceId);
        return counts !== undefined && spans >= counts.spans && decisions >= counts.decisions;
      });
      return new Map(whole.map(({ traceId }) => [traceId, true]));
    };
    await collect({ what: "whole traces", keys: [...wanted.keys()], ask, stallMs, signal });
  } finally {
    await clickhouse.close();
  }
}
