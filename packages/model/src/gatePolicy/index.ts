export { type CanaryMetric, CanaryPolicy, type CanaryStep } from "./canaryPolicy.ts";
export { Duration, durationMs } from "./duration.ts";
export { GatePolicy, KeptGatePolicy, offlineHash, policyHash, policyJsonSchema } from "./gatePolicy.ts";
export { type OfflineMetric, OfflinePolicy } from "./offlinePolicy.ts";
export { JudgePolicy } from "./policyParts.ts";
