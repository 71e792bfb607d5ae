export { actOnRollout } from "./actOnRollout.ts";
export { endLookFailure, noteLookFailure } from "./lookFailures.ts";
export {
  atOneMoment,
  currentRollout,
  findRolloutOf,
  type ListedRollout,
  listBlocks,
  listLooks,
  listRolloutEntries,
  listRollouts,
  listRolloutsUnderWay,
  listWeights,
  nextRolloutStart,
  type RolloutName,
  type RolloutPage,
  type RolloutRecord,
  type RolloutStanding,
  readFrozen,
  readRollout,
  readRolloutRecord,
  readRolloutStanding,
  storeNow,
} from "./readRollouts.ts";
export { type Found, keepRouting, recordLook } from "./recordLook.ts";
export { startRollout } from "./startRollout.ts";
