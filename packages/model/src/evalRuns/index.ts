export * from "./evalResult.ts";
export * from "./evalRun.ts";
