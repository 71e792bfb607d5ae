export { assembleRuns, holdsRuns } from "./assembleRuns.ts";
export { joinSpans, mayTellRunsAgain } from "./joinSpans.ts";
export type { AssembledRuns } from "./keptRuns.ts";
