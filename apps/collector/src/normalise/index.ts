export { scoresOfSpan } from "./evaluation.ts";
export { normaliseLogRecord } from "./normaliseLogRecord.ts";
export { readOrigin, type SpanOrigin } from "./readOrigin.ts";
export { type SpanToWrite, SpanWriter } from "./spanWriter.ts";
