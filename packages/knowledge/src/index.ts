export { chunksOf } from "./documents/chunksOf.ts";
export { DOCUMENT_FILE_KINDS, readDocuments } from "./documents/readDocuments.ts";
export type { Embedder } from "./embeddings/embedder.ts";
export type { EmbeddingsEndpoint } from "./embeddings/endpointEmbedder.ts";
export { embeddingsSettings, openEmbedder } from "./embeddings/openEmbedder.ts";
export {
  type ChunkRow,
  chunkIdsOf,
  type DocumentRow,
  type KnowledgeRows,
  openKnowledgeBases,
  vectorRecords,
} from "./retrieval/knowledgeBases.ts";
export { searchText } from "./retrieval/projectKnowledge.ts";
export { type CloudShape, openCloud } from "./vectors/cloud.ts";
export { openEmbeddedVectorStore } from "./vectors/embedded/embeddedVectorStore.ts";
export { exactNearest } from "./vectors/embedded/exactNearest.ts";
export { openVectorStore, type VectorStoreSettings, vectorStoreSettings } from "./vectors/openVectorStore.ts";
export type { VectorFilter, VectorMatch, VectorQuery, VectorRecord, VectorStore } from "./vectors/vectorStore.ts";
