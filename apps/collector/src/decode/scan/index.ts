export { AttributeScan, VALUE_TYPES } from "./attributeScan.ts";
export { type OriginScan, scanTraces, type TraceVisitor } from "./scanTraces.ts";
export type { SpanScan } from "./spanScan.ts";
