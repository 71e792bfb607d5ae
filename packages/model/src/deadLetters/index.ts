export * from "./deadLetter.ts";
export * from "./deadLetterFilter.ts";
export * from "./redrive.ts";
export * from "./redriveChecks.ts";
