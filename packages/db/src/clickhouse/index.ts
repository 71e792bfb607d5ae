export { type BenchStore, type Comparison, createBenchStore, type LoggedSpan, type Storage, type TrafficSample } from "./benchStore.ts";
export { LONG_TRACE_SPANS, type Traffic, trafficPieces } from "./benchTraffic.ts";
export { type ClickHouseClient, createClickHouse } from "./client.ts";
export { createOutcomeReader } from "./decisionOutcomes.ts";
export { createDecisionReader } from "./decisionReader.ts";
export { enterTraces } from "./enterTraces.ts";
export { createEraseStore, type EraseStore } from "./eraseStore.ts";
export { createExperimentReader, type ExperimentAnswer, type ExperimentRun, type ExperimentScope } from "./experimentReader.ts";
export { createFacetStore } from "./facetStore.ts";
export { fingerprintOf, spanFingerprintAt } from "./fingerprint.ts";
export { type Handover, openHandover } from "./handover.ts";
export { createInventory } from "./inventory.ts";
export { readJudgeScores } from "./judgeScores.ts";
export { createLedgerReader, type LedgerReader, type LedgerWindow, type RejectedExample } from "./ledgerReader.ts";
export { type LedgerEntry, ledgerBody } from "./ledgerRows.ts";
export { migrateClickHouse } from "./migrate.ts";
export { ByteWriter, Dictionary, hashOf, RepeatedText, StringColumn, type TextColumn } from "./native/index.ts";
export {
  createRejectedStore,
  type RejectedKind,
  type RejectedRange,
  type RejectedStore,
  type StoredRejection,
} from "./rejectedStore.ts";
export { createRepriceStore, type Repriced } from "./repriceStore.ts";
export { createRetentionStore, type Retention } from "./retentionStore.ts";
export { type CopyRound, createRunCopyStore, type RunCopyStore } from "./runCopyStore.ts";
export { createRunPartStore, type RunPart, type RunPartStore } from "./runPartStore.ts";
export {
  createScoreLedger,
  newOutcome,
  type OutcomeKey,
  type PlacedOutcome,
  type RuleVersion,
  type ScoreLedger,
  type ScoreMean,
  type ScoreOutcome,
} from "./scoreLedger.ts";
export { createScoreReader } from "./scoreReader.ts";
export { countPasses, deleteScore, insertScores } from "./scoreStore.ts";
export type { OwnerKey } from "./sessionStatements.ts";
export { createSessionStore, type OwnerSummary, type OwnerTotals } from "./sessionStore.ts";
export { SpanBlock } from "./spanBlock.ts";
export { digestText } from "./spanDigest.ts";
export { createTailStore, type TailRound, type TailStore } from "./tailStore.ts";
export {
  columnsOf,
  decisionRow,
  linesOf,
  logRow,
  metricPointRow,
  type Receipt,
  type RowTable,
  rejectedRow,
  scoreRow,
  type TelemetryRow,
  type TelemetryTable,
} from "./telemetryRows.ts";
export { type InsertOutcome, insertTelemetry, type TelemetryInsert } from "./telemetryWriter.ts";
export { addTextIndex, dropTextIndex, type TextIndexState, textIndexState } from "./textIndex.ts";
export { countTraces, type TraceCounts } from "./traceCounts.ts";
export { createTraceStore } from "./traceStore.ts";
export type { TraceSummary } from "./traceSummary.ts";
export { createTrendRollups, type TrendRollups } from "./trendRollups.ts";
export { createTrendStore } from "./trendStore.ts";
