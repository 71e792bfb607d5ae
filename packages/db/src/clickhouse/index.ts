export { type ClickHouseClient, createClickHouse } from "./client.ts";
export { createDecisionReader } from "./decisionReader.ts";
export { createInventory } from "./inventory.ts";
export { migrateClickHouse } from "./migrate.ts";
export { createRunPartStore, type RunPart, type RunPartStore } from "./runPartStore.ts";
export { createScoreReader } from "./scoreReader.ts";
export { countPasses, insertScores } from "./scoreStore.ts";
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
export { createWorkspaceStore, type WorkspaceObject, type WorkspaceQuery, type WorkspaceStore } from "./workspaceStore.ts";
