import type { ClickHouseClient } from "@clickhouse/client";
import { type Decision, type IngestSource, type LogRecord, newId, type Score, type Span } from "@signalbox/model";
import { decisionRow, insertTelemetry, linesOf, logRow, scoreRow, type TelemetryInsert, type TelemetryRow } from "../clickhouse/index.ts";
import { spanBlockOf } from "./spanBlockOf.ts";

async function insert(clickhouse: ClickHouseClient, rows: readonly TelemetryRow[]): Promise<void> {
  for (const some of Map.groupBy(rows, ({ table, partition }) => `${table} ${partition}`).values()) {
    const [table] = some.map((row) => row.table);
    if (table !== undefined) await mustInsert(clickhouse, { table, body: linesOf(some), token: newId() });
  }
}

async function mustInsert(clickhouse: ClickHouseClient, rows: TelemetryInsert): Promise<void> {
  const outcome = await insertTelemetry(clickhouse, rows);
  if (outcome.kind !== "stored") throw new Error(`${rows.table}: ${outcome.reason}`);
}

const nowUs = (): number => Date.now() * 1_000;

/** Stores spans as the collector would. */
export function storeSpans(
  clickhouse: ClickHouseClient,
  spans: readonly Span[],
  receivedAtUs = nowUs(),
  source?: IngestSource,
): Promise<void> {
  return mustInsert(clickhouse, { table: "spans", body: spanBlockOf(spans, receivedAtUs, source).encode(), token: newId() });
}

/** Stores decisions as the collector would. */
export function storeDecisions(clickhouse: ClickHouseClient, decisions: readonly Decision[]): Promise<void> {
  return insert(
    clickhouse,
    decisions.map((decision) =>
      decisionRow(decision.project, decision, JSON.stringify(decision), {
        source: "otlp_logs_http",
        receivedAtUs: nowUs(),
      }),
    ),
  );
}

/** Stores scores as the collector would. */
export function storeScores(clickhouse: ClickHouseClient, scores: readonly Score[]): Promise<void> {
  return insert(
    clickhouse,
    scores.map((score) => scoreRow(score)),
  );
}

/** Stores log records as the collector would. */
export function storeLogs(clickhouse: ClickHouseClient, logs: readonly LogRecord[]): Promise<void> {
  return insert(
    clickhouse,
    logs.map((log) => logRow(log, { source: "otlp_logs_http", receivedAtUs: nowUs() })),
  );
}
