import type { AirlineDocuments, AirlineReader, AirlineTable, AirlineWrite } from "@signalbox/model";

/** A tool's view of its data. A document is replaced whole and never changed in place; `get` sees the writes of the same call. */
export interface World extends AirlineReader {
  put(table: AirlineTable, id: string, document: AirlineWrite["document"]): void;
}

/** A world that holds writes back until the call is over, so that a call that fails halfway leaves nothing. */
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
