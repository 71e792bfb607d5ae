export { benchTaskId, DECISIONS_PER_TASK, fillDecisions, type Tampering, tamperWith } from "./benchDecisions.ts";
export { type OffTask, type RebuiltTasks, rebuildTasks } from "./rebuildTasks.ts";
export { type ErasureFound, estimateDecisions, type Verification, type VerifiedLog, verifyDecisionLog } from "./verifyDecisionLog.ts";
