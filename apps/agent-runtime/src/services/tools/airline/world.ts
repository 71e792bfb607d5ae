import type { AirlineDocuments, AirlineFlight, AirlineTable } from "@signalbox/model";

/** A document with its key order, as a tool leaves it. */
export type Document = Readonly<Record<string, unknown>>;

/** What a tool can read. An id of any type may be asked for; what is no string names nothing. */
export interface WorldReader {
  get<T extends AirlineTable>(table: T, id: unknown): Promise<AirlineDocuments[T] | undefined>;
  /** The flights from `origin`, to `destination` or both, in the data set's order. */
  flights(route: { origin?: unknown; destination?: unknown }): Promise<readonly AirlineFlight[]>;
}

/** What a tool sees of its data. A document is replaced whole and never changed in place; a `get` sees what the same call has put. */
export interface World extends WorldReader {
  put(table: AirlineTable, id: string, document: Document): void;
}

/** A document that a call leaves behind. */
export interface Write {
  readonly table: AirlineTable;
  readonly id: string;
  readonly document: Document;
}

/** A world that keeps what is put until the call is over, so that a call that fails halfway leaves nothing. */
export function openWorld(reader: WorldReader): World & { readonly writes: () => readonly Write[] } {
  const written = new Map<string, Write>();
  return {
    async get<T extends AirlineTable>(table: T, id: unknown) {
      const own = typeof id === "string" ? written.get(`${table}/${id}`) : undefined;
      return own === undefined ? reader.get(table, id) : (own.document as AirlineDocuments[T]);
    },
    flights: (route) => reader.flights(route),
    put(table, id, document) {
      written.set(`${table}/${id}`, { table, id, document });
    },
    writes: () => [...written.values()],
  };
}
