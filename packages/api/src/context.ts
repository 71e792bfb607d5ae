import { createClickHouse, createDecisionReader, createInventory, createScoreReader, createTraceStore } from "@signalbox/db/clickhouse";

/** A part of this installation, by the name an operator knows it under; `readyUrl` answers success once it works, or is the `DATABASE_URL` of a PostgreSQL. */
export type Part = { name: string; readyUrl: string };

/** What every procedure may use. `now` is milliseconds since 1970; `parts` are the other apps of this installation, `otlpUrl` is where it takes telemetry. */
export type Context = {
  traces: ReturnType<typeof createTraceStore>;
  decisions: ReturnType<typeof createDecisionReader>;
  scores: ReturnType<typeof createScoreReader>;
  inventory: ReturnType<typeof createInventory>;
  parts: readonly Part[];
  otlpUrl: string;
  now: () => number;
};

/** Opens the stores behind the procedures; disposing the context closes them. Nothing is asked of the stores yet. */
export function createContext(options: { clickhouseUrl: string; otlpUrl: string; parts: readonly Part[] }): Context & AsyncDisposable {
  const clickhouse = createClickHouse(options.clickhouseUrl);
  return {
    traces: createTraceStore(clickhouse),
    decisions: createDecisionReader(clickhouse),
    scores: createScoreReader(clickhouse),
    inventory: createInventory(clickhouse),
    parts: options.parts,
    otlpUrl: options.otlpUrl,
    now: Date.now,
    [Symbol.asyncDispose]: () => clickhouse.close(),
  };
}
