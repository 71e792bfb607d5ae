export { aChain } from "./aChain.ts";
export { aSpan, NOON, type SpanOutlines, wordSpanId } from "./aSpan.ts";
export { memoryRunParts } from "./memoryRunParts.ts";
export { memoryWorkspace } from "./memoryWorkspace.ts";
export { readBlock } from "./readBlock.ts";
export { rowsOfInsert } from "./rowsOfInsert.ts";
export { spansOfBlock } from "./spansOfBlock.ts";
export { storeDecisions, storeScores, storeSpans } from "./store.ts";
export { type Contents, stateContents, telemetryContents } from "./storeContents.ts";
