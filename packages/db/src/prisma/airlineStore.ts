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
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { BASE, isName, jsonTexts, refuseBase, takenWorld, unknownWorld, type WorldStore } from "./worldStore.ts";

/** The domain that has these tables to itself. */
const DOMAIN = "airline";

/** The table of each kind of document, to be put into SQL as it is. */
const TABLES = {
  flights: Prisma.raw("airline_flight"),
  reservations: Prisma.raw("airline_reservation"),
  users: Prisma.raw("airline_user"),
} as const satisfies Record<AirlineTable, Prisma.Sql>;

/** A document that an overlay holds, and the one of the world beneath it (null: none). */
export type OverlaidDocument = { table: AirlineTable; id: string; document: object; base: object | null };

/**
 * Loads a world unless it is there. All of it becomes visible at once; whoever loads the same world meanwhile waits for it.
 * Throws `conflict` if the name stands for other data.
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
  if (loaded?.digest !== digest) throw takenWorld({ domain: DOMAIN, world });
}

function readThrough(tx: Prisma.TransactionClient, { world, overlay }: Scene): AirlineReader {
  return {
    async get<T extends AirlineTable>(table: T, id: unknown) {
      if (!isName(id)) return undefined;
      const rows = await tx.$queryRaw<{ document: AirlineDocuments[T] }[]>`
        SELECT document FROM ${TABLES[table]}
        WHERE world = ${world} AND overlay IN (${BASE}, ${overlay}) AND id = ${id}
        ORDER BY overlay DESC LIMIT 1`;
      return rows[0]?.document;
    },
    async flights(route) {
      const ends = (["origin", "destination"] as const).filter((end) => end in route);
      if (!ends.every((end) => isName(route[end]))) return [];
      const conditions = ends.map((end) => Prisma.sql`AND ${Prisma.raw(end)} = ${route[end]}`);
      const rows = await tx.$queryRaw<{ document: AirlineFlight }[]>`
        SELECT document FROM airline_flight AS flight
        WHERE world = ${world} AND overlay IN (${BASE}, ${overlay}) ${Prisma.join(conditions, " ")}
          AND (overlay = ${overlay} OR NOT EXISTS (
            SELECT FROM airline_flight AS own WHERE own.world = flight.world AND own.overlay = ${overlay} AND own.id = flight.id))
        ORDER BY position`;
      return rows.map(({ document }) => document);
    },
  };
}

/** The rows `(id, document)` of what is written to a table. */
function writtenRows(writes: readonly AirlineWrite[], table: AirlineTable): Prisma.Sql {
  const own = writes.filter((write) => write.table === table);
  const ids = own.map(({ id }) => id);
  return Prisma.sql`unnest(${ids}::text[], ${jsonTexts(own.map(({ document }) => document))}::text[]) AS written (id, document)`;
}

/** A flight keeps its place and its route. */
function writeParts({ world, overlay }: Scene, writes: readonly AirlineWrite[]): Prisma.Sql {
  const overlaid = (table: "reservations" | "users"): Prisma.Sql => Prisma.sql`
    INSERT INTO ${TABLES[table]} (world, overlay, id, document)
    SELECT ${world}, ${overlay}, id, document::json FROM ${writtenRows(writes, table)}
    ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document`;
  return Prisma.sql`reservations AS (${overlaid("reservations")}), users AS (${overlaid("users")}), flights AS (
      INSERT INTO airline_flight (world, overlay, id, position, origin, destination, document)
      SELECT ${world}, ${overlay}, id, base.position, base.origin, base.destination, written.document::json
      FROM ${writtenRows(writes, "flights")} JOIN airline_flight AS base USING (id) WHERE base.world = ${world} AND base.overlay = ${BASE}
      ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document
    )`;
}

/** The airline's documents: in tables of their own, because its flights are sought by their route and keep the order of the file they came from. */
export const AIRLINE_STORE: WorldStore<AirlineReader, AirlineWrite> = {
  worldRow: ({ world }) => Prisma.sql`SELECT FROM airline_world WHERE name = ${world}`,
  readThrough,
  writeParts,
};

/** Every document of a world as it was loaded. Throws `not_found` for a world that is not loaded. */
export async function readWorld(prisma: PrismaClient, world: string): Promise<Record<AirlineTable, ReadonlyMap<string, object>>> {
  const read = async (table: AirlineTable): Promise<ReadonlyMap<string, object>> => {
    const rows = await prisma.$queryRaw<{ id: string; document: object }[]>`
      SELECT id, document FROM ${TABLES[table]} WHERE world = ${world} AND overlay = ${BASE}`;
    return new Map(rows.map(({ id, document }) => [id, document]));
  };
  if ((await prisma.airlineWorld.findUnique({ where: { name: world } })) === null) throw unknownWorld({ domain: DOMAIN, world });
  const [flights, reservations, users] = await Promise.all([read("flights"), read("reservations"), read("users")]);
  return { flights, reservations, users };
}

/** The documents that an overlay holds, whether or not they differ from the world's, in no order. */
export async function listOverlaid(prisma: PrismaClient, scene: Scene): Promise<OverlaidDocument[]> {
  refuseBase(scene);
  const overlaid = (table: AirlineTable): Prisma.Sql => Prisma.sql`
    SELECT ${table} AS "table", own.id, own.document, base.document AS base FROM ${TABLES[table]} AS own
    LEFT JOIN ${TABLES[table]} AS base ON base.world = own.world AND base.overlay = ${BASE} AND base.id = own.id
    WHERE own.world = ${scene.world} AND own.overlay = ${scene.overlay}`;
  return prisma.$queryRaw`${overlaid("flights")} UNION ALL ${overlaid("reservations")} UNION ALL ${overlaid("users")}`;
}
