export * from "./annotation.ts";
export * from "./annotationQueue.ts";
export * from "./judgeCalibration.ts";
export * from "./judgeStanding.ts";
