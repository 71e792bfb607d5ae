/**
 * A document of a world. `owner` is the id of the document that it belongs
 * to, by which it is found; null for one that is asked for by its id alone.
 */
export interface WorldDocument {
  readonly kind: string;
  readonly id: string;
  readonly owner: string | null;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * What can be read of a world whose documents are of the kinds of `Documents`.
 * An id of any type may be asked for; what is no string names nothing.
 */
export interface DocumentReader<Documents = Readonly<Record<string, object>>> {
  get<Kind extends keyof Documents & string>(kind: Kind, id: unknown): Promise<Documents[Kind] | undefined>;
  /** The documents of a kind that belong to `owner`, ordered by id. */
  list<Kind extends keyof Documents & string>(kind: Kind, owner: string): Promise<readonly Documents[Kind][]>;
}
