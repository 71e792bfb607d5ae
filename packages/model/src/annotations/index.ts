export * from "./annotation.ts";
export * from "./annotationQueue.ts";
