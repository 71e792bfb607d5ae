export { type GateStores, isToldByTelemetry, readUnits } from "./readUnits.ts";
export { readRelease, readRolloutEvidence } from "./rolloutEvidence.ts";
export type { RolloutWindow, WeightInForce } from "./rolloutWindow.ts";
export { readTaskRewards, type TaskReward } from "./taskFacts.ts";
export { findVerdict, keepVerdict, listVerdicts } from "./verdictStore.ts";
