/** A filter of a search: a record passes when each named attribute has one of the given values. */
export type VectorFilter = Readonly<Record<string, readonly string[]>>;

/** A vector with its id and its attributes for filters. Its length does not matter: stores compare by angle. */
export interface VectorRecord {
  id: string;
  vector: Float32Array;
  attributes: Readonly<Record<string, string>>;
}

/** A query for the records nearest to a vector. */
export interface VectorQuery {
  vector: Float32Array;
  limit: number;
  filter?: VectorFilter;
}

/** A found record. `score` is the cosine of its angle to the query, in [-1, 1]. */
export interface VectorMatch {
  id: string;
  score: number;
}

/**
 * Vectors by namespace; a namespace belongs to a project, and exists as soon as something is in it. All vectors
 * of a namespace have as many dimensions as its first one. A resolved upsert or deletion is visible to searches
 * that begin afterwards; in an eventually consistent store, some seconds later. Throws `upstream_unavailable`
 * where the store cannot be reached, `invalid_input` for a vector of another length or a zero vector.
 */
export interface VectorStore extends AsyncDisposable {
  /** The store's name for people. */
  readonly name: string;
  /** Whether other processes see what is written here; otherwise every process fills its own. */
  readonly isShared: boolean;
  /** Writes records; one with an existing id replaces that, attributes and all. */
  upsert(namespace: string, records: readonly VectorRecord[]): Promise<void>;
  /** The nearest records, nearest first; none in a namespace that does not exist. */
  search(namespace: string, query: VectorQuery): Promise<VectorMatch[]>;
  /** Deletes the records with these ids, or all; missing ones are ignored. */
  delete(namespace: string, ids: readonly string[] | "all"): Promise<void>;
  /** Takes a snapshot of a namespace in the store's own way; returns its name there. Null where the store offers none. */
  snapshot(namespace: string): Promise<string | null>;
}
