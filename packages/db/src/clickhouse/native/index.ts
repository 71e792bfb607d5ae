export { ArrayColumn } from "./arrayColumn.ts";
export type { Column, TextColumn } from "./column.ts";
export { Dictionary, hashOf } from "./dictionary.ts";
export { encodeBlock } from "./encodeBlock.ts";
export { FixedColumn } from "./fixedColumn.ts";
export { LowCardinalityColumn } from "./lowCardinalityColumn.ts";
export { MapColumn } from "./mapColumn.ts";
export { NullableColumn } from "./nullableColumn.ts";
export { StringColumn } from "./stringColumn.ts";
