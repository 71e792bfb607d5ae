export * from "./compare/index.ts";
export { INTENT_FILE_KINDS, type IntentRow, readIntentRows } from "./datasets/intents/readIntentRows.ts";
export * from "./datasets/tauBench/index.ts";
export { judgePassRate, type PassRatePolicy, type PassRateVerdict } from "./gate/judgePassRate.ts";
export * from "./gate/offline/index.ts";
export { type ClassifiedRow, type IntentScore, scoreIntents } from "./intents/scoreIntents.ts";
export type { ExpectedRun, FinishedRun, Judgement, Scorer } from "./scorers/scorer.ts";
export { type Judgements, judgeRun, type ScorerName, scorers } from "./scorers/scorers.ts";
export { passHatK, type Trial } from "./statistics/passHatK.ts";
