import { type EmbeddedDocument, type ListedDocument, type PrismaClient, putKnowledge, removeKnowledge } from "@signalbox/db/prisma";
import { chunkIdsOf, chunksOf, type Embedder, searchText, type VectorStore, vectorRecords } from "@signalbox/knowledge";
import { canonicalHash, type KnowledgeDocument } from "@signalbox/model";

/** The destination of knowledge: its rows, and the vector store where that is shared. A private one is filled from the rows. */
export interface KnowledgeMeans {
  prisma: PrismaClient;
  project: string;
  embedder: Embedder;
  store: VectorStore;
}

/** The digest that identifies a document's content. */
export function digestOf(document: KnowledgeDocument): string {
  return canonicalHash(document);
}

async function embedded(documents: readonly KnowledgeDocument[], embedder: Embedder): Promise<EmbeddedDocument[]> {
  const cut = documents.map((document) => ({ document, texts: chunksOf(document.text) }));
  const vectors = (
    await embedder.embed(cut.flatMap(({ document: { title }, texts }) => texts.map((text) => searchText({ title, text }))))
  ).values();
  return cut.map(({ document, texts }) => ({
    document,
    digest: digestOf(document),
    chunks: texts.map((text) => ({ text, vector: vectors.next().value ?? new Float32Array() })),
  }));
}

/** A document's chunks as records of a vector store. */
function recordsOf({ document: { id, title, attributes }, digest, chunks }: EmbeddedDocument) {
  return vectorRecords(chunks.map(({ text, vector }, position) => ({ document: id, digest, position, title, text, attributes, vector })));
}

/**
 * Stores documents; returns their number of chunks. Vectors are written to a shared store before the rows that
 * refer to them, and obsolete ones deleted last: whenever this ends early, a search agrees with the rows.
 */
export async function storeDocuments(
  { prisma, project, embedder, store }: KnowledgeMeans,
  documents: readonly KnowledgeDocument[],
  replaced: readonly ListedDocument[],
): Promise<number> {
  const ready = await embedded(documents, embedder);
  if (store.isShared) await store.upsert(project, ready.flatMap(recordsOf));
  await putKnowledge(prisma, { project, embedder: embedder.name, documents: ready, now: new Date() });
  if (store.isShared) await store.delete(project, replaced.flatMap(chunkIdsOf));
  return ready.reduce((sum, { chunks }) => sum + chunks.length, 0);
}

/** Deletes documents. */
export async function forgetDocuments({ prisma, project, store }: KnowledgeMeans, documents: readonly ListedDocument[]): Promise<void> {
  await removeKnowledge(
    prisma,
    project,
    documents.map(({ id }) => id),
  );
  if (store.isShared) await store.delete(project, documents.flatMap(chunkIdsOf));
}
