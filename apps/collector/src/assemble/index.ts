export { type AssembledRuns, assembleRuns, holdsRuns } from "./assembleRuns.ts";
