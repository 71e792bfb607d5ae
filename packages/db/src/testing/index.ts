export { aChain } from "./aChain.ts";
export { aSpan, NOON, type SpanOutlines, wordSpanId } from "./aSpan.ts";
export { memoryRunParts } from "./memoryRunParts.ts";
export { storeDecisions, storeScores, storeSpans } from "./store.ts";
