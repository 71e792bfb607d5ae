import { wordsOf } from "@signalbox/intents";
import { AppError, type Findings, type KnowledgeQuery, type Passage } from "@signalbox/model";
import type { Embedder } from "../embeddings/embedder.ts";
import { Bm25Index } from "../text/bm25.ts";
import { fuseRanks } from "../text/fuseRanks.ts";
import type { VectorFilter, VectorStore } from "../vectors/vectorStore.ts";

/** The number of candidates of each kind that are fused. */
const CANDIDATES = 50;

/** A chunk of a document, with a unique id. */
export type Chunk = { id: string } & Omit<Passage, "score">;

/** The searchable text of a chunk: its document's title helps to find each of them. */
export function searchText({ title, text }: Pick<Passage, "title" | "text">): string {
  return `${title}\n${text}`;
}

const passes = ({ attributes }: Chunk, filter: VectorFilter): boolean =>
  Object.entries(filter).every(([name, values]) => values.includes(attributes[name] ?? ""));

/** A project's knowledge: chunks of documents, indexed by words in here and by their vectors in a store. */
export class ProjectKnowledge {
  readonly #chunks = new Map<string, Chunk>();
  readonly #words = new Bm25Index();

  /** The number of chunks. */
  get size(): number {
    return this.#chunks.size;
  }

  put(chunk: Chunk): void {
    this.#chunks.set(chunk.id, chunk);
    this.#words.put(chunk.id, wordsOf(searchText(chunk)));
  }

  remove(id: string): void {
    this.#chunks.delete(id);
    this.#words.remove(id);
  }

  /**
   * The best passages by words and by vectors, fused. Where the vector store is unreachable, those by words alone, with a
   * `shortfall`. Vectors without a chunk here are ignored: their chunk is gone, or is being loaded and not known here yet.
   */
  async search(query: KnowledgeQuery, embedder: Embedder, store: VectorStore): Promise<Findings> {
    const byVectors = await this.#byVectors(query, embedder, store);
    if (byVectors.kind === "away") return this.searchByWords(query, byVectors.reason);
    return this.#findings([this.#byWords(query), byVectors.ids], query.limit, null);
  }

  /** The best passages by words alone; `shortfall` says why. */
  searchByWords(query: KnowledgeQuery, shortfall: string): Findings {
    return this.#findings([this.#byWords(query)], query.limit, shortfall);
  }

  #findings(lists: readonly string[][], limit: number, shortfall: string | null): Findings {
    const passages = fuseRanks(lists, limit).map(({ id, score }): Passage => {
      const { id: _, ...passage } = this.#chunks.get(id) as Chunk;
      return { ...passage, score };
    });
    return { passages, shortfall };
  }

  #byWords({ query, filter = {} }: KnowledgeQuery): string[] {
    const isWanted = (id: string): boolean => passes(this.#chunks.get(id) as Chunk, filter);
    return this.#words.search(wordsOf(query), CANDIDATES, isWanted).map(({ id }) => id);
  }

  async #byVectors(
    { project, query, filter = {} }: KnowledgeQuery,
    embedder: Embedder,
    store: VectorStore,
  ): Promise<{ kind: "found"; ids: string[] } | { kind: "away"; reason: string }> {
    if (this.#chunks.size === 0 || wordsOf(query).length === 0) return { kind: "found", ids: [] };
    try {
      const vector = await embedder.embedQuery(query, (word) => this.#words.idf(word));
      const matches = await store.search(project, { vector, limit: CANDIDATES, filter });
      return { kind: "found", ids: matches.map(({ id }) => id).filter((id) => this.#chunks.has(id)) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { kind: "away", reason: `Found by words alone: ${error.message}` };
    }
  }
}
