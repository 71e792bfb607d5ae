export * from "./errorReport.ts";
export * from "./errors.ts";
export * from "./failureFingerprint.ts";
export * from "./modelRefusal.ts";
export * from "./reportOf.ts";
