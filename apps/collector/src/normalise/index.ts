export { scoresOfSpan } from "./evaluation.ts";
export { normaliseLogRecord } from "./normaliseLogRecord.ts";
export { normaliseSpan } from "./normaliseSpan.ts";
