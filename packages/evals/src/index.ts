export * from "./agreement/index.ts";
export * from "./calibration/index.ts";
export * from "./compare/index.ts";
export * from "./datasets/files/index.ts";
export { INTENT_FILE_KINDS, type IntentRow, readIntentRows } from "./datasets/intents/readIntentRows.ts";
export * from "./datasets/tauBench/index.ts";
export { embedByEnvironment } from "./embeddings/embedByEnvironment.ts";
export * from "./gate/evidence/index.ts";
export * from "./gate/index.ts";
export { judgePassRate, type PassRatePolicy, type PassRateVerdict } from "./gate/judgePassRate.ts";
export * from "./gate/offline/index.ts";
export { type ClassifiedRow, type IntentScore, scoreIntents } from "./intents/scoreIntents.ts";
export type { Ask, FindAsk, JudgeAnswer, JudgeEndpoint, JudgeQuestion } from "./judges/ask.ts";
export { askByEnvironment } from "./judges/askByEnvironment.ts";
export { judgeChoice, judgeIdOfChoice } from "./judges/judgeOf.ts";
export { usedBefore } from "./judges/unfinished.ts";
export {
  CLASSES_MAX,
  type ClassFigures,
  type ClassificationReport,
  classificationReport,
  confusions,
  type LabelledCount,
} from "./reports/classification/classification.ts";
export { type PassFigures, passK, type UnitTrials } from "./reports/passK/passK.ts";
export { autoevalsScorer } from "./run/autoevalsScorer.ts";
export { type Evaluation as EvaluationOptions, type EvaluationResult, evaluate, type OwnScorer } from "./run/evaluate.ts";
export { figuresOf, type ScorerFigures, type ScorerSums, scorerFigures } from "./run/figures.ts";
export { requireOnlineScorers } from "./run/requireOnlineScorers.ts";
export { RunItem } from "./run/runItem.ts";
export { type RunParts, runTries, tryIdentity } from "./run/runTries.ts";
export { scoreTrace, type TraceScores } from "./run/scoreTrace.ts";
export { requireNeeds } from "./run/scoreTry.ts";
export { plainReply, type Question, type Reply, type Target } from "./run/target.ts";
export { commandTarget } from "./run/targets/commandTarget.ts";
export { httpTarget } from "./run/targets/httpTarget.ts";
export { writeResultTable } from "./run/writeResultTable.ts";
export { classificationChoices } from "./scorers/classification/classification.ts";
export type { ItemScore, ScoredItem, Scorer, TargetAnswer } from "./scorers/scorer.ts";
export { type ReadyScorer, readScorers, SCORERS } from "./scorers/scorers.ts";
export * from "./simulate/index.ts";
export { normalQuantile } from "./statistics/distributions/normal.ts";
export { clopperPearson, type Interval } from "./statistics/estimates/clopperPearson.ts";
export type { Estimate, UnitSums } from "./statistics/estimates/meanOverUnits.ts";
export { passHatK, type Trial, type TrialCount, trialCounts } from "./statistics/estimates/passHatK.ts";
export { seededRandom, seedOf } from "./statistics/seededRandom.ts";
export { asymptoticSequence } from "./statistics/sequential/asymptoticSequence.ts";
export { writeScoreTable } from "./tables/writeScoreTable.ts";
export { type Judgements, judgeRun, type RunRuleName } from "./tauBench/judgeRun.ts";
export type { ExpectedRun, FinishedRun, Judgement } from "./tauBench/runRule.ts";
