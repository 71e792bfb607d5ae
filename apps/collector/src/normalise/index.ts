export { readDecision } from "./decision.ts";
export { decisionOfSpan } from "./decisionOfSpan.ts";
export { scoresOfSpan } from "./evaluation.ts";
export { normaliseLogRecord } from "./normaliseLogRecord.ts";
export { normaliseMetricPoint } from "./normaliseMetricPoint.ts";
export { readOrigin, type SpanOrigin } from "./readOrigin.ts";
export { type Reception, type SpanToWrite, SpanWriter } from "./spanWriter.ts";
