export {
  type CorrectedJudgement,
  calibrateJudge,
  correctJudge,
  type JudgedLabel,
  type JudgeRecord,
  type Share,
} from "./calibrateJudge.ts";
