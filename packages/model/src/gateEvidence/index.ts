export {
  GateVerdictFacts,
  JudgedMetric,
  type ListedGateVerdict,
  NamedVersion,
  OfflineEvidence,
  RunEvidence,
  StoredGateVerdict,
  VerdictDocument,
} from "./gateVerdict.ts";
export { type MetricSource, metricSource } from "./metricSource.ts";
export { RECKONING, reckoningOf } from "./reckoning.ts";
export type { Exposure, UnitEvent } from "./unitEvents.ts";
