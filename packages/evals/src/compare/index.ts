export { type AlignedCell, type AlignedRow, alignRuns } from "./alignRuns.ts";
export { changedRows, ROW_CHANGES, type RowChange } from "./changedRows.ts";
export {
  COMPARISON_WORDS,
  type Comparison,
  type ComparisonOptions,
  type ComparisonWord,
  type Correction,
  compareRuns,
  type MetricComparison,
} from "./compareRuns.ts";
export { expectNonInferior, type NonInferiorityAsk } from "./expectNonInferior.ts";
export { COMPARISON_TESTS, type ComparisonTest, type MetricAsk, type MetricPlan, metricsOf } from "./metricPlan.ts";
export { inFigures, metricSentence } from "./metricSentence.ts";
export { type ScoredRun, type ScoredTrial, scoredRun, scoredTrial } from "./scoredRun.ts";
