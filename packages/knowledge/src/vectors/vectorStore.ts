/** What a search leaves out: a record stays when each named attribute has one of the given values. */
export type VectorFilter = Readonly<Record<string, readonly string[]>>;

/** A vector with its id and what it can be filtered by. Its length says nothing: stores compare by angle. */
export interface VectorRecord {
  id: string;
  vector: Float32Array;
  attributes: Readonly<Record<string, string>>;
}

/** What is near to what. */
export interface VectorQuery {
  vector: Float32Array;
  limit: number;
  filter?: VectorFilter;
}

/** A record that was found. `score` is the cosine of the angle between it and the query, in [-1, 1]. */
export interface VectorMatch {
  id: string;
  score: number;
}

/**
 * Vectors by namespace; a namespace is a project's, and is there as soon as something is in it. All vectors of a
 * namespace have as many dimensions as its first one. Whatever an upsert or a deletion answered holds for searches
 * that begin afterwards; for one that is eventually consistent, some seconds later. Throws `upstream_unavailable`
 * where the store cannot be reached, `invalid_input` for a vector that is of another length or has no direction.
 */
export interface VectorStore extends AsyncDisposable {
  /** What people call it. */
  readonly name: string;
  /** Whether others see what is written here; where not, every process brings its vectors along. */
  readonly isShared: boolean;
  /** Writes records; one with an id that is there takes its place, attributes and all. */
  upsert(namespace: string, records: readonly VectorRecord[]): Promise<void>;
  /** The nearest records, nearest first; none in a namespace that is not there. */
  search(namespace: string, query: VectorQuery): Promise<VectorMatch[]>;
  /** Deletes the records with these ids, or all; those that are not there are gone already. */
  delete(namespace: string, ids: readonly string[] | "all"): Promise<void>;
  /**
   * Keeps a copy of a namespace as it is now, in the store's own way; answers what it is called there. Null where the store offers none.
   */
  snapshot(namespace: string): Promise<string | null>;
}
