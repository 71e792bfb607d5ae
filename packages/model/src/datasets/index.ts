export * from "./dataset.ts";
export * from "./datasetChange.ts";
export * from "./datasetItem.ts";
export * from "./datasetItemOfTask.ts";
export * from "./langSmithExample.ts";
