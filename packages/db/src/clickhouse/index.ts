export { type BenchStore, type Comparison, createBenchStore, type LoggedSpan, type Storage } from "./benchStore.ts";
export { type ClickHouseClient, createClickHouse } from "./client.ts";
export { createDecisionReader } from "./decisionReader.ts";
export { createInventory } from "./inventory.ts";
export { migrateClickHouse } from "./migrate.ts";
export { createScoreReader } from "./scoreReader.ts";
export { countPasses, insertScores } from "./scoreStore.ts";
export { digestText } from "./spanDigest.ts";
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
export { countTraces } from "./traceCounts.ts";
export { createTraceStore } from "./traceStore.ts";
