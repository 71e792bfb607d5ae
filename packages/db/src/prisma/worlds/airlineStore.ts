import {
  type AirlineData,
  type AirlineDocuments,
  type AirlineFlight,
  type AirlineReader,
  type AirlineTable,
  type AirlineWrite,
  airlineDataDigest,
  type Scene,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import {
  BASE,
  isName,
  jsonTexts,
  type OverlaidDocument,
  refuseBase,
  type SceneWrite,
  takenWorld,
  unknownWorld,
  type WorldStore,
} from "./worldStore.ts";

/** The domain that these tables belong to. */
export const AIRLINE = "airline";

/** The table of each kind of document, for verbatim use in SQL. */
const TABLES = {
  flights: Prisma.raw("airline_flight"),
  reservations: Prisma.raw("airline_reservation"),
  users: Prisma.raw("airline_user"),
} as const satisfies Record<AirlineTable, Prisma.Sql>;

/** A document of an overlay, and the world's document beneath it (null: none). */
export type OverlaidAirlineDocument = { table: AirlineTable; id: string; document: object; base: object | null };

/**
 * Loads a world unless it exists. All of it becomes visible at once; a concurrent
 * load of the same world waits. Throws `conflict` if the name stands for other data.
 */
export async function loadWorld(prisma: PrismaClient, world: string, data: AirlineData): Promise<void> {
  const digest = airlineDataDigest(data);
  await prisma.$transaction(async (tx) => {
    const claimed = await tx.$executeRaw`INSERT INTO airline_world (name, digest) VALUES (${world}, ${digest}) ON CONFLICT DO NOTHING`;
    if (claimed === 0) return;
    const flights = Object.values(data.flights);
    await tx.$executeRaw`
      INSERT INTO airline_flight (world, overlay, id, position, origin, destination, document)
      SELECT ${world}, ${BASE}, id, position, origin, destination, document::json
      FROM unnest(
        ${Object.keys(data.flights)}::text[], ${flights.map(({ origin }) => origin)}::text[],
        ${flights.map(({ destination }) => destination)}::text[], ${jsonTexts(flights)}::text[]
      ) WITH ORDINALITY AS flight (id, origin, destination, document, position)`;
    for (const table of ["reservations", "users"] as const)
      await tx.$executeRaw`
        INSERT INTO ${TABLES[table]} (world, overlay, id, document)
        SELECT ${world}, ${BASE}, id, document::json
        FROM unnest(${Object.keys(data[table])}::text[], ${jsonTexts(Object.values(data[table]))}::text[]) AS loaded (id, document)`;
  });
  const loaded = await prisma.airlineWorld.findUnique({ where: { name: world } });
  if (loaded?.digest !== digest) throw takenWorld({ domain: AIRLINE, world });
}

/** A world's flights, indexed for searches: all of them, in the data set's order, and by origin and destination. */
type FlightIndex = Record<"all", readonly Filed[]> & Record<"origin" | "destination", ReadonlyMap<string, readonly Filed[]>>;
type Filed = readonly [id: string, flight: AirlineFlight];

function indexFlights(flights: ReadonlyMap<string, object>): FlightIndex {
  const all = [...flights] as [string, AirlineFlight][];
  const by = (end: "origin" | "destination") => Map.groupBy(all, ([, flight]) => flight[end]);
  return { all, origin: by("origin"), destination: by("destination") };
}

/** A view of a world through an overlay. A flight keeps its place and its route. */
function readerOf(
  world: Record<AirlineTable, ReadonlyMap<string, object>>,
  index: FlightIndex,
  overlaid: readonly OverlaidDocument[],
): AirlineReader {
  const own = new Map(overlaid.map(({ kind, id, document }) => [`${kind}/${id}`, document]));
  return {
    get: async <T extends AirlineTable>(table: T, id: unknown) =>
      isName(id) ? ((own.get(`${table}/${id}`) ?? world[table].get(id)) as AirlineDocuments[T] | undefined) : undefined,
    async flights(route) {
      const ends = (["origin", "destination"] as const).filter((end) => end in route);
      const [end] = ends;
      const filed = end === undefined ? index.all : (index[end].get(String(route[end])) ?? []);
      return filed
        .filter(([, flight]) => ends.every((each) => flight[each] === route[each]))
        .map(([id, flight]) => (own.get(`flights/${id}`) as AirlineFlight | undefined) ?? flight);
    },
  };
}

/** The rows that calls write to a table. */
function writtenRows(writes: readonly SceneWrite<AirlineWrite>[], table: AirlineTable): Prisma.Sql {
  const own = writes.filter(({ write }) => write.table === table);
  return Prisma.sql`unnest(
    ${own.map(({ scene }) => scene.world)}::text[], ${own.map(({ scene }) => scene.overlay)}::text[], ${own.map(({ scene }) => scene.domain)}::text[],
    ${own.map(({ idempotencyKey }) => idempotencyKey)}::text[], ${own.map(({ write }) => write.id)}::text[],
    ${jsonTexts(own.map(({ write }) => write.document))}::text[]
  ) AS written (world, overlay, domain, idempotency_key, id, document) JOIN fence USING (world, overlay, domain, idempotency_key)`;
}

/** A flight keeps its place and its route. */
function writeParts(writes: readonly SceneWrite<AirlineWrite>[]): Prisma.Sql {
  const overlaid = (table: "reservations" | "users"): Prisma.Sql => Prisma.sql`
    INSERT INTO ${TABLES[table]} (world, overlay, id, document)
    SELECT world, overlay, id, document::json FROM ${writtenRows(writes, table)}
    ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document`;
  return Prisma.sql`reservations AS (${overlaid("reservations")}), users AS (${overlaid("users")}), flights AS (
      INSERT INTO airline_flight (world, overlay, id, position, origin, destination, document)
      SELECT world, written.overlay, id, base.position, base.origin, base.destination, written.document::json
      FROM ${writtenRows(writes, "flights")} JOIN airline_flight AS base USING (world, id) WHERE base.overlay = ${BASE}
      ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document
    )`;
}

/** The overlay documents in a table. */
function overlaidIn(table: AirlineTable): Prisma.Sql {
  return Prisma.sql`
    SELECT ${table}::text AS kind, id, NULL::text AS owner, document FROM ${TABLES[table]} AS own
    WHERE own.world = asked.world AND own.overlay = asked.overlay`;
}

/** The airline's documents, in tables of their own, because flights are searched by route and keep the order of their source file. */
export const AIRLINE_STORE: WorldStore<AirlineReader, AirlineWrite> = {
  async openWorld(prisma, { world }) {
    const documents = await readWorld(prisma, world);
    const index = indexFlights(documents.flights);
    return (overlaid) => readerOf(documents, index, overlaid);
  },
  overlaidOfAsked: Prisma.sql`${overlaidIn("flights")} UNION ALL ${overlaidIn("reservations")} UNION ALL ${overlaidIn("users")}`,
  writeParts,
};

/** Every document of a world as loaded. Throws `not_found` for a world that is not loaded. */
export async function readWorld(prisma: PrismaClient, world: string): Promise<Record<AirlineTable, ReadonlyMap<string, object>>> {
  const read = async (table: AirlineTable): Promise<ReadonlyMap<string, object>> => {
    const rows = await prisma.$queryRaw<{ id: string; document: object }[]>`
      SELECT id, document FROM ${TABLES[table]} WHERE world = ${world} AND overlay = ${BASE} ORDER BY ${table === "flights" ? Prisma.raw("position") : Prisma.raw("id")}`;
    return new Map(rows.map(({ id, document }) => [id, document]));
  };
  if ((await prisma.airlineWorld.findUnique({ where: { name: world } })) === null) throw unknownWorld({ domain: AIRLINE, world });
  const [flights, reservations, users] = await Promise.all([read("flights"), read("reservations"), read("users")]);
  return { flights, reservations, users };
}

/** The documents of an overlay, whether or not they differ from the world's, in any order. */
export async function listOverlaid(prisma: PrismaClient, scene: Scene): Promise<OverlaidAirlineDocument[]> {
  refuseBase(scene);
  const overlaid = (table: AirlineTable): Prisma.Sql => Prisma.sql`
    SELECT ${table} AS "table", own.id, own.document, base.document AS base FROM ${TABLES[table]} AS own
    LEFT JOIN ${TABLES[table]} AS base ON base.world = own.world AND base.overlay = ${BASE} AND base.id = own.id
    WHERE own.world = ${scene.world} AND own.overlay = ${scene.overlay}`;
  return prisma.$queryRaw`${overlaid("flights")} UNION ALL ${overlaid("reservations")} UNION ALL ${overlaid("users")}`;
}
