export {
  type CorrectedJudgement,
  calibrateJudge,
  correctJudge,
  type JudgedLabel,
  type JudgeRecord,
  type Share,
} from "./calibrateJudge.ts";
export { calibrateDecisions, type DecidedAnswer, type DecisionCalibration, type DriftSteps } from "./decisionCalibration.ts";
export { type JudgedScorer, judgedScorer, judgedScorers } from "./judgedScorer.ts";
export { type JudgeScore, judgeLine, judgeOnLabels, type PassLines } from "./judgeOnLabels.ts";
