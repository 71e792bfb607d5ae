export { type GatheringLimits, gathered } from "../gathered.ts";
export {
  findAgentVersion,
  listAgentVersions,
  listServedBuilds,
  type RegisteredVersion,
  readManifests,
  registerAgentVersion,
  requireAgentVersion,
  versionNotFound,
} from "./agentVersionStore.ts";
export { type AirlineAccount, listAirlineAccounts } from "./airlineAccounts.ts";
export { AIRLINE_STORE, listOverlaid, loadWorld, type OverlaidAirlineDocument, readWorld } from "./airlineStore.ts";
export {
  admitSecret,
  createApiKey,
  deleteResendKeys,
  listApiKeys,
  listWorkingKeys,
  RESEND_KEY,
  revokeApiKey,
  touchApiKeys,
} from "./apiKeyStore.ts";
export { countAtWork, type Deaths, type HeldAttempt, listServedVersions } from "./attemptStore.ts";
export { listAudit } from "./auditStore.ts";
export {
  type CheckpointMaking,
  type CheckpointRound,
  exportedUpTo,
  lastCheckpoint,
  listCheckpointsAfter,
  makeCheckpoint,
  rememberExport,
  thinNews,
} from "./checkpointStore.ts";
export type { Claim } from "./claimStore.ts";
export { createPrisma } from "./client.ts";
export {
  createDataset,
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
} from "./deadLetterGroups.ts";
export {
  type DeadLetterDetail,
  type LetterCursor,
  type ListedDeadLetter,
  listLetters,
  readDeadLetter,
} from "./deadLetterReader.ts";
export { findDeadLetter, listDeadLetters } from "./deadLetterStore.ts";
export { listDecisions, listDecisionsOf } from "./decisionStore.ts";
export * from "./delivery/index.ts";
export { DOCUMENT_STORE, listOverlaidDocuments, loadDocuments } from "./documentStore.ts";
export {
  type Draft,
  type DraftPart,
  type DraftPlace,
  dropDraft,
  forgetOldDrafts,
  keepDrafts,
  readDrafts,
} from "./draftStore.ts";
export {
  type FollowedErasure,
  listErasures,
  listErasuresToFollow,
  previewErasure,
  type RecordedErasure,
  recordErasure,
  subjectDigest,
} from "./erasureStore.ts";
export { type Evaluable, listEvaluable, listEvaluations, storeEvaluation } from "./evaluationStore.ts";
export type { PrismaClient } from "./generated/client.ts";
export {
  lastRejectedAt,
  noteRejected,
  noteUnreadableFile,
  type RejectedRecords,
  settleImportedFile,
  type UnreadableFile,
} from "./ingestLetters.ts";
export { isDatabaseReady } from "./isDatabaseReady.ts";
export * from "./journalCounts.ts";
export { type AttemptError, type Ending, type JournalStore, openJournalStore, type Progress, type ProgressWrite } from "./journalStore.ts";
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
} from "./knowledgeStore.ts";
export { forgetExpiredTurns, recallTurns, rememberTurns, taskOfTurn } from "./memoryStore.ts";
export { migratePostgres } from "./migrate.ts";
export { countOutbox, type Delivery, deliverOutbox, type OwedTelemetry } from "./outboxStore.ts";
export { callOutside, type OutsideCall, type OutsideOutcome } from "./outsideCall.ts";
export { listQueuePauses, pauseQueue, type QueueAct, requireRunningQueue, resumeQueue } from "./pauseStore.ts";
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
} from "./projectStore.ts";
export {
  type Counted,
  countedOf,
  openRateCounter,
  RATE_POINTS_MAX,
  RATE_WINDOW_S,
  type RateCounter,
} from "./rateCounter.ts";
export { listReplayable, type ReplayableFilter, readRecordings } from "./recordingStore.ts";
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
export { createRedriveRule, deleteRedriveRule, listRedriveRules } from "./redrives/ruleStore.ts";
export { endSending, giveUpSending, listSendings, noteSent, type Sending, type SendingEnd } from "./redrives/sendAgain.ts";
export {
  cancelReplays,
  claimReplay,
  dropScratch,
  endReplay,
  extendReplay,
  failHopelessReplays,
  noteOutsideCall,
  putBackReplay,
  type ReplayClaim,
  type ReplayEnd,
  scratchOverlay,
} from "./replayClaims.ts";
export {
  countReplays,
  keepReplays,
  listReplays,
  type RefusedReplay,
  type ReplayCounts,
  readReplay,
  startReplay,
  startReplays,
} from "./replayStore.ts";
export * from "./rollouts/index.ts";
export {
  changeRouting,
  clearRouting,
  countVersionedTasks,
  type Exposure,
  listExposures,
  listRoutingChanges,
  listRoutings,
  type RecordedChange,
  type RecordedRouting,
  readRouting,
  type WaitingVersion,
} from "./routingStore.ts";
export { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from "./savedViewStore.ts";
export {
  advanceRuleLook,
  countUnmatched,
  drainRuleVersion,
  listRuleWork,
  noteRuleVersion,
  type RuleWork,
} from "./scoreRules/ruleWork.ts";
export { listScoreRules, removeScoreRule, requireScoreRule, scoreRuleNames, setScoreRule } from "./scoreRules/scoreRuleStore.ts";
export { listSteps, listStepsOf } from "./stepStore.ts";
export { auditTasks, countKeyedTasks, countOpenTasks, type Loss, listGivenUp, listLosses, type TaskAudit } from "./taskAudit.ts";
export { type RecordedTask, readTaskHistory } from "./taskHistoryStore.ts";
export { followTask, type JournalPlace, listenForProgress, type ProgressKind, readProgress, type TaskProgress } from "./taskProgress.ts";
export {
  type Admission,
  admitTasks,
  countTasks,
  countUnfinishedTasks,
  findTask,
  findTaskRequest,
  knownTasks,
  listTaskRecords,
  listTaskRequests,
  listUnfinishedTasks,
  type NewTask,
  requireTasks,
  type TaskCursor,
  type TaskRecord,
  type UnfinishedCount,
  type UnfinishedTask,
} from "./taskStore.ts";
export { openToolEffects, type ToolAnswer, type ToolEffect } from "./toolEffectStore.ts";
export { dropOverlay, type WorldStore } from "./worldStore.ts";
