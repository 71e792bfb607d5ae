export * from "./chainCheck.ts";
export * from "./checkpoint.ts";
export * from "./finding.ts";
export { MerkleLog } from "./merkleLog.ts";
export * from "./taskFold.ts";
