export * from "./errorReport.ts";
export * from "./errors.ts";
export * from "./failureFingerprint.ts";
export * from "./reportOf.ts";
