export { blockUnits } from "./live/block.ts";
export { eValueOf } from "./live/capital.ts";
export { advance, type GateState, startGate } from "./live/gateState.ts";
export type { LivePolicy } from "./live/livePolicy.ts";
export { harmEvidence, look, type Moment } from "./live/look.ts";
export { countSplit, type SampleRatio, startSampleRatio } from "./live/sampleRatio.ts";
export { type UnitAgainst, type UnitBlocks, unitBlocks, unitsAgainst } from "./live/unitBlocks.ts";
export { type PolicyText, readPolicyText } from "./policyText.ts";
export { type EvidencePoint, evidenceOver } from "./rollout/evidenceOver.ts";
export { foldBlocks, latestVerdict } from "./rollout/latestVerdict.ts";
export { LOOK_BEHIND_MS, LOOK_EVERY_MAX_MS, type LookPace, lookPace } from "./rollout/lookPace.ts";
export { nextMove } from "./rollout/nextMove.ts";
export { replayRollout } from "./rollout/replayRollout.ts";
export { type ResolvedPolicy, resolveJudges } from "./rollout/resolveJudges.ts";
export { judgeSeries, type SeriesFinding, type SeriesPair } from "./series/judgeSeries.ts";
export { BlockTally } from "./simulate/blockTally.ts";
export { canaryAdvice } from "./simulate/canaryAdvice.ts";
export { askDrop, usualMean } from "./simulate/dropQuestion.ts";
export { dropSentence, hoursText } from "./simulate/dropSentence.ts";
export { type Forecast, forecast, forecastOf, type Spread } from "./simulate/forecast.ts";
export {
  playRollout,
  type SimulatedMeans,
  type SimulatedRollout,
  type SimulatedTraffic,
  simulateRollout,
} from "./simulate/simulateRollout.ts";
