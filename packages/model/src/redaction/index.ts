export * from "./builtInPatterns.ts";
export * from "./redactionRules.ts";
export * from "./redactor.ts";
