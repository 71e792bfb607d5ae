export { scoresOfSpan } from "./evaluation.ts";
export { normaliseLogRecord } from "./normaliseLogRecord.ts";
export { normaliseMetricPoint } from "./normaliseMetricPoint.ts";
export { normaliseSpan } from "./normaliseSpan.ts";
