export type { Insert } from "./storeChunk.ts";
export { Writer, type WriterOptions } from "./writer.ts";
