export { COMPARISON_MODELS } from "./comparisonModels.ts";
export { type ComparisonFigures, type Simulation, simulateComparison } from "./simulateComparisons.ts";
export { type JudgeFigures, simulateJudge } from "./simulateJudge.ts";
