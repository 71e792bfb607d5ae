export * from "./errorReport.ts";
export * from "./errors.ts";
export * from "./failureFingerprint.ts";
export { issuesText, issueText } from "./issueText.ts";
export * from "./modelRefusal.ts";
export * from "./reportOf.ts";
export * from "./thrown.ts";
