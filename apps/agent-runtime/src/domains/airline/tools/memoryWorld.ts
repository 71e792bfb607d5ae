import type { AirlineData, AirlineDocuments, AirlineReader, AirlineTable, AirlineWrite } from "@signalbox/model";

/** A world in memory on top of `data`, which is not changed: for running tools without a database. */
export function memoryWorld(data: AirlineData): AirlineReader & { store(writes: readonly AirlineWrite[]): void } {
  const written = new Map<string, unknown>();
  const read = <T extends AirlineTable>(table: T, id: string): AirlineDocuments[T] | undefined => {
    const base = Object.hasOwn(data[table], id) ? data[table][id] : undefined;
    return (written.get(`${table}/${id}`) ?? base) as AirlineDocuments[T] | undefined;
  };
  return {
    async get(table, id) {
      return typeof id === "string" ? read(table, id) : undefined;
    },
    async flights({ origin, destination }) {
      return Object.keys(data.flights)
        .flatMap((id) => read("flights", id) ?? [])
        .filter((flight) => origin === undefined || flight.origin === origin)
        .filter((flight) => destination === undefined || flight.destination === destination);
    },
    store(writes) {
      for (const { table, id, document } of writes) written.set(`${table}/${id}`, document);
    },
  };
}
