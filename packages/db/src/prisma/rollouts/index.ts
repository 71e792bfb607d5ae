export { actOnRollout } from "./actOnRollout.ts";
export {
  currentRollout,
  findRolloutOf,
  listBlocks,
  listLooks,
  listRolloutEntries,
  listRollouts,
  listRolloutsUnderWay,
  listWeights,
  type RolloutPage,
  type RolloutRecord,
  readRollout,
  readRolloutRecord,
  storeNow,
} from "./readRollouts.ts";
export { type Found, keepRouting, recordLook } from "./recordLook.ts";
export { startRollout } from "./startRollout.ts";
