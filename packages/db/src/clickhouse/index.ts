export {
  type BenchStore,
  type Comparison,
  createBenchStore,
  type LoggedSpan,
  type Storage,
  type TrafficSample,
} from "./bench/benchStore.ts";
export { LONG_TRACE_SPANS, type Traffic, trafficPieces } from "./bench/benchTraffic.ts";
export { type ClickHouseClient, createClickHouse } from "./client.ts";
export { createOutcomeReader } from "./decisions/decisionOutcomes.ts";
export { createDecisionReader } from "./decisions/decisionReader.ts";
export { fingerprintOf, spanFingerprintAt } from "./fingerprint.ts";
export { createEraseStore, type EraseStore } from "./lifetime/eraseStore.ts";
export { createRepriceStore, type Repriced } from "./lifetime/repriceStore.ts";
export { createRetentionStore, type Retention } from "./lifetime/retentionStore.ts";
export { type CopyRound, createRunCopyStore, type RunCopyStore } from "./lifetime/runCopyStore.ts";
export { createTailStore, type TailRound, type TailStore } from "./lifetime/tailStore.ts";
export { migrateClickHouse } from "./migrate.ts";
export { ByteWriter, Dictionary, hashOf, RepeatedText, StringColumn, type TextColumn } from "./native/index.ts";
export { createInventory } from "./reconciliation/inventory.ts";
export { createLedgerReader, type LedgerReader, type LedgerWindow, type RejectedExample } from "./reconciliation/ledgerReader.ts";
export {
  createRejectedStore,
  type RejectedKind,
  type RejectedRange,
  type RejectedStore,
  type StoredRejection,
} from "./reconciliation/rejectedStore.ts";
export { enterTraces } from "./scores/enterTraces.ts";
export { createExperimentReader, type ExperimentAnswer, type ExperimentRun, type ExperimentScope } from "./scores/experimentReader.ts";
export { createFeedbackStore, type Feedback, type FeedbackQuery, type FeedbackStore } from "./scores/feedbackStore.ts";
export { readJudgeScores } from "./scores/judgeScores.ts";
export { type LabelCount, type LabelScore, readSessionLabels, readTraceLabels } from "./scores/labelReader.ts";
export {
  createScoreLedger,
  newOutcome,
  type OutcomeCount,
  type OutcomeKey,
  type PlacedOutcome,
  type RuleVersion,
  type ScoreLedger,
  type ScoreMean,
  type ScoreOutcome,
} from "./scores/scoreLedger.ts";
export { type GivenScore, placeOf, readScorePage, type ScorePlace, type ScoreQuery, streamScores } from "./scores/scorePages.ts";
export { createScoreReader } from "./scores/scoreReader.ts";
export { countPasses, deleteScore, insertScores } from "./scores/scoreStore.ts";
export { readSessionFeedback, type SessionFeedback } from "./scores/sessionFeedback.ts";
export type { OwnerKey } from "./sessions/sessionStatements.ts";
export { createSessionStore, type OwnerSummary, type OwnerTotals } from "./sessions/sessionStore.ts";
export { createFacetStore } from "./traces/facetStore.ts";
export { addTextIndex, dropTextIndex, type TextIndexState, textIndexState } from "./traces/textIndex.ts";
export { countTraces, type TraceCounts } from "./traces/traceCounts.ts";
export type { TracePage } from "./traces/tracePages.ts";
export { createTraceStore } from "./traces/traceStore.ts";
export type { TraceSummary } from "./traces/traceSummary.ts";
export { createTrendRollups, type TrendRollups } from "./trends/trendRollups.ts";
export { createTrendStore } from "./trends/trendStore.ts";
export { type Handover, openHandover } from "./write/handover.ts";
export { type LedgerEntry, ledgerBody } from "./write/ledgerRows.ts";
export { createRunPartStore, type RunPart, type RunPartStore } from "./write/runPartStore.ts";
export { SpanBlock } from "./write/spanBlock.ts";
export { digestText } from "./write/spanDigest.ts";
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
} from "./write/telemetryRows.ts";
export { type InsertOutcome, insertTelemetry, type TelemetryInsert } from "./write/telemetryWriter.ts";
