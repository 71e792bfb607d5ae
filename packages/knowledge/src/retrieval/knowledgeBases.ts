import type { Findings, KnowledgeQuery } from "@signalbox/model";
import type { Embedder } from "../embeddings/embedder.ts";
import type { VectorRecord, VectorStore } from "../vectors/vectorStore.ts";
import { type Chunk, ProjectKnowledge } from "./projectKnowledge.ts";

/** So many documents are read at once. */
const DOCUMENTS_PER_READ = 100;

/** A document among the rows. `revision` is that of its project when it was written, `digest` what tells it from other texts. */
export interface DocumentRow {
  id: string;
  revision: number;
  digest: string;
  chunks: number;
}

/** A piece of a document among the rows. */
export type ChunkRow = Omit<Chunk, "id"> & { digest: string; position: number; vector: Float32Array };

/**
 * The rows that are the truth about what is known. `state` is null for a project without knowledge; its revision grows with every change.
 */
export interface KnowledgeRows {
  state(project: string): Promise<{ revision: number; embedder: string } | null>;
  documents(project: string): Promise<DocumentRow[]>;
  chunks(project: string, documents: readonly string[]): Promise<ChunkRow[]>;
}

/** A piece's id: that of another text at the same place is another one. */
export function chunkIdOf(document: string, digest: string, position: number): string {
  return `${document}#${digest.slice(0, 16)}#${position}`;
}

/** The ids of all pieces of a document. */
export function chunkIdsOf({ id, digest, chunks }: Omit<DocumentRow, "revision">): string[] {
  return Array.from({ length: chunks }, (_, position) => chunkIdOf(id, digest, position));
}

/** Pieces as a vector store takes them; one without a single word has no direction and is left out. */
export function vectorRecords(chunks: readonly ChunkRow[]): VectorRecord[] {
  return chunks
    .filter(({ vector }) => vector.some((value) => value !== 0))
    .map(({ document, digest, position, vector, attributes }) => ({ id: chunkIdOf(document, digest, position), vector, attributes }));
}

/**
 * A document as its pieces were read: who changed it since it was listed is
 * noticed by its revision, and then these pieces must be known to be let go.
 */
function asRead(document: DocumentRow, chunks: readonly ChunkRow[]): DocumentRow {
  const own = chunks.filter(({ document: id }) => id === document.id);
  return { ...document, digest: own[0]?.digest ?? document.digest, chunks: own.length };
}

interface Means {
  rows: KnowledgeRows;
  embedder: Embedder;
  store: VectorStore;
  /** So long nothing new is looked for. */
  checkEveryMs: number;
  nowMs: () => number;
}

/** A project's knowledge as this process has it. */
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

  /** Brings everything up to date, unless that was done a moment ago; who asks meanwhile waits for the same. */
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
        // Who changes the embedder meanwhile leaves vectors of two lengths: all of it is read again.
        const now = await rows.state(project);
        if ((now?.embedder ?? null) === embedder) throw error;
        return this.#bringUpToDate(project, means);
      }
    }
    this.#revision = state?.revision ?? 0;
    this.#embedder = embedder;
    this.#checkedAtMs = checkedAtMs;
  }

  /** Lets go of everything: vectors of two embedders cannot be compared, and may be of two lengths. */
  async #forgetAll(project: string, store: VectorStore): Promise<void> {
    await this.#forget(project, [], store);
    if (!store.isShared) await store.delete(project, "all");
  }

  /** Lets go of documents that are gone or have changed. */
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
 * Searches of all projects' knowledge, made from rows and kept up to date with them. A store that is this process's own
 * gets its vectors here; one that is shared gets them from whoever writes rows. Throws what reading the rows throws.
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
