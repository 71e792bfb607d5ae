export { type GroupCommitLimits, groupCommit } from "../groupCommit.ts";
export { listAudit } from "./auditStore.ts";
export { createPrisma } from "./client.ts";
export {
  createDataset,
  deleteDataset,
  findDataset,
  listDatasets,
  listDatasetVersions,
  type ResolvedVersion,
  requireDataset,
  resolveDataset,
} from "./datasets/datasetStore.ts";
export * from "./datasets/readDatasetItems.ts";
export { type DatasetWrite, type DatasetWritten, writeDataset } from "./datasets/writeDataset.ts";
export {
  countOpenDeadLetters,
  type DeadLetterGroup,
  type DeadLetterGroups,
  type GroupOrder,
  type LetterSteps,
  listDeadLetterGroups,
  listFailedVersions,
} from "./deadLetters/deadLetterGroups.ts";
export {
  type DeadLetterDetail,
  type LetterCursor,
  type ListedDeadLetter,
  listLetters,
  readDeadLetter,
} from "./deadLetters/deadLetterReader.ts";
export { listDeadLetters, listGroupLetters } from "./deadLetters/deadLetterStore.ts";
export {
  moveIngestWatermark,
  noteRejected,
  noteUnreadableFile,
  type RejectedRecords,
  readIngestWatermark,
  settleImportedFile,
  type UnreadableFile,
} from "./deadLetters/ingestLetters.ts";
export { type CheckpointState, readCheckpointState } from "./decisions/checkpointState.ts";
export {
  type CheckpointMaking,
  type CheckpointRound,
  compactChainNews,
  exportedUpTo,
  lastCheckpoint,
  listCheckpointsAfter,
  makeCheckpoint,
  rememberExport,
} from "./decisions/checkpointStore.ts";
export { listDecisions, listDecisionsOf, listFirstDecisions } from "./decisions/decisionStore.ts";
export { countOutbox, type Delivery, deliverOutbox, type OwedTelemetry } from "./decisions/outboxStore.ts";
export * from "./delivery/index.ts";
export {
  type FollowedErasure,
  listErasures,
  listErasuresToFollow,
  previewErasure,
  type RecordedErasure,
  recordErasure,
  subjectDigest,
} from "./erasure/erasureStore.ts";
export type { PrismaClient } from "./generated/client.ts";
export { isDatabaseReady } from "./isDatabaseReady.ts";
export { expireSettled, KEPT_REPLAYS_MAX, trimReplays } from "./lifetime/expireSettled.ts";
export {
  type EmbeddedDocument,
  type KnowledgeState,
  type ListedDocument,
  listKnowledgeDocuments,
  putKnowledge,
  readKnowledgeChunks,
  readKnowledgeDocuments,
  readKnowledgeState,
  removeKnowledge,
  replaceVectors,
  type StoredChunk,
} from "./memory/knowledgeStore.ts";
export { forgetExpiredTurns, recallTurns, rememberTurns, taskOfTurn } from "./memory/memoryStore.ts";
export { migratePostgres } from "./migrate.ts";
export {
  admitSecret,
  createApiKey,
  listApiKeys,
  listKnownKeys,
  revokeApiKey,
  touchApiKeys,
} from "./projects/apiKeyStore.ts";
export { openPassingKeys, type PassingKeys } from "./projects/passingKeys.ts";
export {
  changeIntakeRules,
  closeProject,
  createProject,
  deleteProject,
  type ListedProject,
  listIntakeRules,
  listProjects,
  listRetention,
  listRulesChanges,
  listTailSampling,
  type RulesChange,
  readIntakeRules,
  requireProject,
  setRetention,
} from "./projects/projectStore.ts";
export { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from "./projects/savedViewStore.ts";
export {
  type Counted,
  countedOf,
  openRateCounter,
  RATE_POINTS_MAX,
  RATE_WINDOW_S,
  type RateCounter,
} from "./rateCounter.ts";
export {
  advanceRedrive,
  type DeadTask,
  listRunningRedrives,
  type RedriveMove,
  type RedriveRules,
  type RedriveView,
  settleRedrives,
  stopRedrive,
} from "./redrives/advanceRedrive.ts";
export { applyRedriveRule, listRulesInForce } from "./redrives/applyRules.ts";
export { discardLetters, forecastDiscard } from "./redrives/discardLetters.ts";
export { forecastRedrive } from "./redrives/forecastRedrive.ts";
export { createRedrive, listRedriveItems, listRedrives, readRedrive, steerRedrive } from "./redrives/redriveStore.ts";
export { createRedriveRule, deleteRedriveRule, listRedriveRules, steerRedriveRule } from "./redrives/ruleStore.ts";
export { endSending, giveUpSending, listSendings, noteSent, type Sending, type SendingEnd } from "./redrives/sendAgain.ts";
export { listReplayable, type ReplayableFilter, readRecordings, requireReplayable } from "./replays/recordingStore.ts";
export {
  forecastReplays,
  listBatchReplays,
  listGroupBatches,
  type ReplayEndings,
  readReplayBatch,
  readReplayEndings,
  startReplays,
} from "./replays/replayBatchStore.ts";
export {
  cancelReplays,
  claimReplay,
  dropScratch,
  endReplay,
  extendReplay,
  failHopelessReplays,
  noteModelUse,
  noteOutsideCall,
  putBackReplay,
  type ReplayClaim,
  type ReplayEnd,
  scratchOverlay,
} from "./replays/replayClaims.ts";
export { keepReplays, listReplays, readReplay, startReplay } from "./replays/replayStore.ts";
export * from "./rollouts/index.ts";
export {
  advanceRuleLook,
  countUnmatched,
  drainRuleVersion,
  listRuleWork,
  noteRuleVersion,
  type RuleWork,
} from "./scoreRules/ruleWork.ts";
export {
  type ClaimedTrace,
  claimTraces,
  dropOldClaims,
  keepClaims,
  listAbandoned,
  type SettledTrace,
  settleClaims,
} from "./scoreRules/scoreClaims.ts";
export { listScoreRules, removeScoreRule, requireScoreRule, scoreRuleNames, setScoreRule } from "./scoreRules/scoreRuleStore.ts";
export { type Admission, admitTasks, findAdmissions, type NewTask } from "./tasks/admissionStore.ts";
export { type Deaths, type HeldAttempt, listServedVersions } from "./tasks/attemptStore.ts";
export type { Claim } from "./tasks/claimStore.ts";
export {
  type Draft,
  type DraftPart,
  type DraftPlace,
  dropDraft,
  forgetOldDrafts,
  keepDrafts,
  readDrafts,
} from "./tasks/draftStore.ts";
export { type Evaluable, listEvaluable, listEvaluations, storeEvaluation } from "./tasks/evaluationStore.ts";
export * from "./tasks/journalCounts.ts";
export {
  type AttemptError,
  type Ending,
  type JournalStore,
  openJournalStore,
  type Progress,
  type ProgressWrite,
} from "./tasks/journalStore.ts";
export { listQueuePauses, pauseQueue, type QueueAct, requireRunningQueue, resumeQueue } from "./tasks/pauseStore.ts";
export { countAtWork, type HeldProject, listHeldProjects, listNextTasks } from "./tasks/projectTasks.ts";
export { listSteps, listStepsOf, readSteps } from "./tasks/stepStore.ts";
export {
  auditTasks,
  countKeyedTasks,
  countOpenTasks,
  type LastLetter,
  type Loss,
  listAttemptsAt,
  listGivenUp,
  listLastLetters,
  listLosses,
  type TaskAudit,
} from "./tasks/taskAudit.ts";
export { type RecordedTask, readTaskHistory } from "./tasks/taskHistoryStore.ts";
export {
  followTask,
  type JournalPlace,
  listenForProgress,
  type ProgressKind,
  readProgress,
  type TaskProgress,
} from "./tasks/taskProgress.ts";
export {
  countTasks,
  countUnfinishedTasks,
  findTask,
  findTaskRequest,
  knownTasks,
  listTaskRecords,
  listTaskRequests,
  listUnfinishedTasks,
  requireTasks,
  type TaskCursor,
  type TaskRecord,
  type UnfinishedCount,
  type UnfinishedTask,
} from "./tasks/taskStore.ts";
export {
  findAgentVersion,
  listAgentVersions,
  listServedBuilds,
  type RegisteredVersion,
  readManifests,
  registerAgentVersion,
  requireAgentVersion,
  versionNotFound,
} from "./versions/agentVersionStore.ts";
export {
  changeRouting,
  clearRouting,
  countVersionedTasks,
  type Exposure,
  listExposures,
  listRoutingChanges,
  listRoutings,
  listUnservedTasks,
  type RecordedChange,
  type RecordedRouting,
  readRouting,
  type UnservedTask,
  type WaitingVersion,
} from "./versions/routingStore.ts";
export { type AirlineAccount, listAirlineAccounts } from "./worlds/airlineAccounts.ts";
export { AIRLINE_STORE, listOverlaid, loadWorld, type OverlaidAirlineDocument, readWorld } from "./worlds/airlineStore.ts";
export { changedAmong, readChanged } from "./worlds/changedDocuments.ts";
export { DOCUMENT_STORE, listOverlaidDocuments, loadDocuments } from "./worlds/documentStore.ts";
export { callOutside, type OutsideCall, type OutsideOutcome } from "./worlds/outsideCall.ts";
export { openToolEffects, type ToolAnswer, type ToolEffect } from "./worlds/toolEffectStore.ts";
export { dropOverlay, type WorldStore } from "./worlds/worldStore.ts";
