export * from "./arm.ts";
export * from "./block.ts";
export * from "./changeRollout.ts";
export * from "./drift.ts";
export * from "./liveVerdict.ts";
export * from "./rollout.ts";
export * from "./rolloutEntry.ts";
export * from "./rolloutLook.ts";
