/**
 * A document of a world. `owner` is the id of the document that it belongs
 * to and is listed by; null for one that is only read by its own id.
 */
export interface WorldDocument {
  readonly kind: string;
  readonly id: string;
  readonly owner: string | null;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Read access to a world with the document types `Documents`. Ids of any type are accepted; one that is not a string matches nothing. */
export interface DocumentReader<Documents = Readonly<Record<string, object>>> {
  get<Kind extends keyof Documents & string>(kind: Kind, id: unknown): Promise<Documents[Kind] | undefined>;
  /** The documents of a kind that belong to `owner`, ordered by id. */
  list<Kind extends keyof Documents & string>(kind: Kind, owner: string): Promise<readonly Documents[Kind][]>;
}
