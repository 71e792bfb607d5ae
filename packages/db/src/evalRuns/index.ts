export { type ClassCount, countClasses } from "./classCounts.ts";
export {
  type EvalTryFilter,
  type EvalTryScores,
  findEvalInputs,
  findEvalTries,
  listEvalScores,
  listEvalTries,
  readEvalTotals,
  type ScorerTotals,
  streamEvalResults,
} from "./evalResults.ts";
export { createEvalRun, deleteEvalRun, endEvalRun, listEvalRuns, noteEvalRun, requireEvalRun } from "./evalRunStore.ts";
export { type HeldEvalRun, holdEvalRun } from "./holdEvalRun.ts";
export { openTryStore } from "./tryStore.ts";
