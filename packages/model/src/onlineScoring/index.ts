export * from "./scoreRule.ts";
