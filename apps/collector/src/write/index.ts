export type { Insert } from "./storeChunk.ts";
export { WriterThread } from "./thread/writerThread.ts";
export { type RunningWriter, Writer, type WriterOptions } from "./writer.ts";
