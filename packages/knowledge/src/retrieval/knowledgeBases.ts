import type { Findings, KnowledgeQuery } from "@signalbox/model";
import type { Embedder } from "../embeddings/embedder.ts";
import type { VectorRecord, VectorStore } from "../vectors/vectorStore.ts";
import { type Chunk, ProjectKnowledge } from "./projectKnowledge.ts";

/** The number of documents per read. */
const DOCUMENTS_PER_READ = 100;

/** A stored document. `revision` is that of its project when it was written, `digest` identifies its text. */
export interface DocumentRow {
  id: string;
  revision: number;
  digest: string;
  chunks: number;
}

/** A stored chunk of a document. */
export type ChunkRow = Omit<Chunk, "id"> & { digest: string; position: number; vector: Float32Array };

/** The stored rows, the source of truth. `state` is null for a project without knowledge; its revision grows with every change. */
export interface KnowledgeRows {
  state(project: string): Promise<{ revision: number; embedder: string } | null>;
  documents(project: string): Promise<DocumentRow[]>;
  chunks(project: string, documents: readonly string[]): Promise<ChunkRow[]>;
}

/** A chunk's id, which differs for another text at the same place. */
export function chunkIdOf(document: string, digest: string, position: number): string {
  return `${document}#${digest.slice(0, 16)}#${position}`;
}

/** The ids of all chunks of a document. */
export function chunkIdsOf({ id, digest, chunks }: Omit<DocumentRow, "revision">): string[] {
  return Array.from({ length: chunks }, (_, position) => chunkIdOf(id, digest, position));
}

/** Chunks as records of a vector store; a chunk without any word has no direction and is left out. */
export function vectorRecords(chunks: readonly ChunkRow[]): VectorRecord[] {
  return chunks
    .filter(({ vector }) => vector.some((value) => value !== 0))
    .map(({ document, digest, position, vector, attributes }) => ({ id: chunkIdOf(document, digest, position), vector, attributes }));
}

/**
 * A document as its chunks were read: if it changed since it was listed, its
 * revision will tell, and these chunks must then be known to be removed.
 */
function asRead(document: DocumentRow, chunks: readonly ChunkRow[]): DocumentRow {
  const own = chunks.filter(({ document: id }) => id === document.id);
  return { ...document, digest: own[0]?.digest ?? document.digest, chunks: own.length };
}

interface Means {
  rows: KnowledgeRows;
  embedder: Embedder;
  store: VectorStore;
  /** The time for which no update is looked for. */
  checkEveryMs: number;
  nowMs: () => number;
}

/** A project's knowledge in this process. */
class Base {
  readonly #knowledge = new ProjectKnowledge();
  readonly #documents = new Map<string, DocumentRow>();
  #revision = 0;
  #embedder: string | null = null;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #checking: Promise<void> | null = null;

  async search(query: KnowledgeQuery, means: Means): Promise<Findings> {
    await this.#check(query.project, means);
    const { embedder, store } = means;
    if (this.#embedder === null || this.#embedder === embedder.name) return this.#knowledge.search(query, embedder, store);
    const shortfall = `Found by words alone: vectors are of ${this.#embedder}, and questions of ${embedder.name}.`;
    return this.#knowledge.searchByWords(query, shortfall);
  }

  /** Brings everything up to date, unless that was done a moment ago; concurrent callers share one update. */
  async #check(project: string, means: Means): Promise<void> {
    if (means.nowMs() - this.#checkedAtMs < means.checkEveryMs) return;
    this.#checking ??= this.#bringUpToDate(project, means).finally(() => {
      this.#checking = null;
    });
    await this.#checking;
  }

  async #bringUpToDate(project: string, means: Means): Promise<void> {
    const { rows, store, nowMs } = means;
    const checkedAtMs = nowMs();
    const state = await rows.state(project);
    const embedder = state?.embedder ?? null;
    if (embedder !== this.#embedder) await this.#forgetAll(project, store);
    if (state?.revision !== this.#revision || embedder !== this.#embedder) {
      const listed = state === null ? [] : await rows.documents(project);
      await this.#forget(project, listed, store);
      const changed = listed.filter(({ id, revision }) => this.#documents.get(id)?.revision !== revision);
      try {
        for (let at = 0; at < changed.length; at += DOCUMENTS_PER_READ)
          await this.#take(project, changed.slice(at, at + DOCUMENTS_PER_READ), rows, store);
      } catch (error) {
        // If the embedder changed meanwhile there are vectors of two lengths: everything is read again.
        const now = await rows.state(project);
        if ((now?.embedder ?? null) === embedder) throw error;
        return this.#bringUpToDate(project, means);
      }
    }
    this.#revision = state?.revision ?? 0;
    this.#embedder = embedder;
    this.#checkedAtMs = checkedAtMs;
  }

  /** Drops everything: vectors of two embedders cannot be compared, and may differ in length. */
  async #forgetAll(project: string, store: VectorStore): Promise<void> {
    await this.#forget(project, [], store);
    if (!store.isShared) await store.delete(project, "all");
  }

  /** Drops documents that are gone or have changed. */
  async #forget(project: string, listed: readonly DocumentRow[], store: VectorStore): Promise<void> {
    const now = new Map(listed.map(({ id, revision }) => [id, revision]));
    const old = [...this.#documents.values()].filter(({ id, revision }) => now.get(id) !== revision);
    const ids = old.flatMap(chunkIdsOf);
    for (const id of ids) this.#knowledge.remove(id);
    for (const { id } of old) this.#documents.delete(id);
    if (!store.isShared && ids.length > 0) await store.delete(project, ids);
  }

  async #take(project: string, documents: readonly DocumentRow[], rows: KnowledgeRows, store: VectorStore): Promise<void> {
    const chunks = await rows.chunks(
      project,
      documents.map(({ id }) => id),
    );
    if (!store.isShared) await store.upsert(project, vectorRecords(chunks));
    for (const { document, digest, position, title, text, attributes } of chunks)
      this.#knowledge.put({ id: chunkIdOf(document, digest, position), document, title, text, attributes });
    for (const document of documents) this.#documents.set(document.id, asRead(document, chunks));
  }
}

/**
 * Searches in all projects' knowledge, built from rows and kept up to date with them. A vector store private to this
 * process is filled here; a shared one is filled by whoever writes the rows. Throws the errors of reading the rows.
 */
export function openKnowledgeBases(means: Means): { search: (query: KnowledgeQuery) => Promise<Findings> } {
  const bases = new Map<string, Base>();
  return {
    search(query) {
      const base = bases.get(query.project) ?? new Base();
      bases.set(query.project, base);
      return base.search(query, means);
    },
  };
}
