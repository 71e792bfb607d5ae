export { type GateVerdict, judgeOffline, type MetricVerdict, type OfflineVerdict } from "./judgeOffline.ts";
export type { GateRun, JudgeCalibration, RunDataset } from "./offlineEvidence.ts";
export { type PolicyAdvice, policyAdvice } from "./policyAdvice.ts";
export type { WorsenedItem } from "./worsenedItems.ts";
