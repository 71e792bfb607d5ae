export * from "./keptReplay.ts";
export * from "./replay.ts";
