import type { ClickHouseClient } from "@clickhouse/client";
import { type Decision, newId, type Score, type Span } from "@signalbox/model";
import { decisionRow, insertTelemetry, scoreRow, spanRow, type TelemetryRow } from "../clickhouse/index.ts";

async function insert(clickhouse: ClickHouseClient, rows: readonly TelemetryRow[]): Promise<void> {
  for (const [place, some] of Map.groupBy(rows, ({ table, partition }) => `${table} ${partition}`)) {
    const [table] = some.map((row) => row.table);
    if (table === undefined) continue;
    const outcome = await insertTelemetry(
      clickhouse,
      table,
      some.map(({ json }) => json),
      newId(),
    );
    if (outcome.kind !== "stored") throw new Error(`${place}: ${outcome.reason}`);
  }
}

const nowUs = (): number => Date.now() * 1_000;

/** Stores spans as the collector would. */
export function storeSpans(clickhouse: ClickHouseClient, spans: readonly Span[], receivedAtUs = nowUs()): Promise<void> {
  return insert(
    clickhouse,
    spans.map((span) => spanRow(span, receivedAtUs)),
  );
}

/** Stores decisions as the collector would. */
export function storeDecisions(clickhouse: ClickHouseClient, decisions: readonly Decision[]): Promise<void> {
  return insert(
    clickhouse,
    decisions.map((decision) => decisionRow(decision.project, decision, JSON.stringify(decision), nowUs())),
  );
}

/** Stores scores as the collector would. */
export function storeScores(clickhouse: ClickHouseClient, scores: readonly Score[]): Promise<void> {
  return insert(clickhouse, scores.map(scoreRow));
}
