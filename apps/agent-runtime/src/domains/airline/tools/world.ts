import type { AirlineDocuments, AirlineReader, AirlineTable, AirlineWrite } from "@signalbox/model";

/** What a tool sees of its data. A document is replaced whole and never changed in place; a `get` sees what the same call has put. */
export interface World extends AirlineReader {
  put(table: AirlineTable, id: string, document: AirlineWrite["document"]): void;
}

/** A world that keeps what is put until the call is over, so that a call that fails halfway leaves nothing. */
export function openWorld(reader: AirlineReader): World & { writes(): readonly AirlineWrite[] } {
  const written = new Map<string, AirlineWrite>();
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
