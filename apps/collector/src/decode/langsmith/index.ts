export { identifiedSpan, RUN_ID_KEY } from "./identifiedSpan.ts";
export { jsonText } from "./jsonText.ts";
export * from "./langSmithRequest.ts";
export { mergeRun, type ReceivedOperation } from "./mergeRun.ts";
export { readMultipart } from "./multipart.ts";
export { spanIdOfRun } from "./runId.ts";
export { scoreOfFeedback, scoresOfRun } from "./scoreOfFeedback.ts";
export { type SpanOfRun, spanOfRun } from "./spanOfRun.ts";
export { isRunPlace } from "./times.ts";
