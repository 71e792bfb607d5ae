export * from "./evalResult.ts";
export * from "./evalRun.ts";
export * from "./judgeUse.ts";
export * from "./lineText.ts";
export * from "./requireOneDataset.ts";
export * from "./targetName.ts";
export * from "./tryStore.ts";
