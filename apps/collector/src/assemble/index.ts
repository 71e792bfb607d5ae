export { type AssembledRuns, assembleRuns } from "./assembleRuns.ts";
