export * from "./builtInPatterns.ts";
export { withDistinctNames } from "./distinctNames.ts";
export * from "./redactionRules.ts";
export * from "./redactor.ts";
