export { gateCalibration } from "./gateCalibration.ts";
export { isOfDataset } from "./isOfDataset.ts";
export { type GateVerdict, judgeOffline, type MetricVerdict, type OfflineVerdict } from "./judgeOffline.ts";
export type { GateRun, JudgeCalibration, RunDataset } from "./offlineEvidence.ts";
export { type GateReport, judgeSentences } from "./report/gateReport.ts";
export { junitXml } from "./report/junitXml.ts";
export { markdownSummary } from "./report/markdownSummary.ts";
export { type ItemPlace, sarifLog } from "./report/sarifLog.ts";
export type { WorsenedItem } from "./worsenedItems.ts";
