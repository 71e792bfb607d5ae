import { type EmbeddedDocument, type ListedDocument, type PrismaClient, putKnowledge, removeKnowledge } from "@signalbox/db/prisma";
import { chunkIdsOf, chunksOf, type Embedder, searchText, type VectorStore, vectorRecords } from "@signalbox/knowledge";
import { canonicalHash, type KnowledgeDocument } from "@signalbox/model";

/** Where knowledge goes: its rows, and the store of its vectors where that is shared. One that is not gets them from the rows. */
export interface KnowledgeMeans {
  prisma: PrismaClient;
  project: string;
  embedder: Embedder;
  store: VectorStore;
}

/** What tells a document from every other one. */
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

/** A document's pieces as a vector store takes them. */
function recordsOf({ document: { id, title, attributes }, digest, chunks }: EmbeddedDocument) {
  return vectorRecords(chunks.map(({ text, vector }, position) => ({ document: id, digest, position, title, text, attributes, vector })));
}

/**
 * Stores documents; answers into how many pieces they were cut. Vectors go to a shared store before the rows that make
 * them known, and those that are known no longer go last: whenever this ends early, a search finds what the rows say.
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

/** Forgets documents. */
export async function forgetDocuments({ prisma, project, store }: KnowledgeMeans, documents: readonly ListedDocument[]): Promise<void> {
  await removeKnowledge(
    prisma,
    project,
    documents.map(({ id }) => id),
  );
  if (store.isShared) await store.delete(project, documents.flatMap(chunkIdsOf));
}
