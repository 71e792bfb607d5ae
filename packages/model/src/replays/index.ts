export * from "./confirmEffects.ts";
export * from "./keptReplay.ts";
export * from "./replay.ts";
export * from "./replayChange.ts";
export * from "./sameStage.ts";
