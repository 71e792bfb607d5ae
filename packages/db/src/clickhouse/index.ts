export { createClickHouse } from "./client.ts";
export { migrateClickHouse } from "./migrate.ts";
export {
  columnsOf,
  decisionRow,
  logRow,
  rejectedRow,
  scoreRow,
  spanRow,
  type TelemetryRow,
  type TelemetryTable,
} from "./telemetryRows.ts";
export { type InsertOutcome, insertTelemetry } from "./telemetryWriter.ts";
