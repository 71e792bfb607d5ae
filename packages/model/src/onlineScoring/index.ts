export * from "./isInScoredShare.ts";
export * from "./scoreRule.ts";
