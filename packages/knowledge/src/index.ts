export { type CloudShape, openCloud } from "./vectors/cloud.ts";
export { exactNearest } from "./vectors/embedded/exactNearest.ts";
export { openVectorStore, type VectorStoreSettings, vectorStoreSettings } from "./vectors/openVectorStore.ts";
export type { VectorFilter, VectorMatch, VectorQuery, VectorRecord, VectorStore } from "./vectors/vectorStore.ts";
