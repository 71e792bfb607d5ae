import {
  type AirlineData,
  type AirlineDocuments,
  type AirlineFlight,
  type AirlineReader,
  type AirlineTable,
  AppError,
  airlineDataDigest,
  type Scene,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "./generated/client.ts";

/** The overlay of the data as loaded. */
export const BASE = "";

/** The table of each kind of document, to be put into SQL as it is. */
export const TABLES = {
  flights: Prisma.raw("airline_flight"),
  reservations: Prisma.raw("airline_reservation"),
  users: Prisma.raw("airline_user"),
} as const satisfies Record<AirlineTable, Prisma.Sql>;

/** A document that an overlay holds, and the one of the world beneath it (null: none). */
export type OverlaidDocument = { table: AirlineTable; id: string; document: object; base: object | null };

/** PostgreSQL's text holds no NUL; a name that has one names nothing. */
function isName(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

/** Documents as they travel to PostgreSQL: each a text of its own, because its functions on json refuse a NUL that the type itself can hold. */
export function jsonTexts(documents: readonly object[]): string[] {
  return documents.map((document) => JSON.stringify(document));
}

/** The refusal of a world that is not loaded. */
export function unknownWorld(world: string): AppError {
  return new AppError("not_found", `The airline world ${JSON.stringify(world)} is not loaded.`, {
    hint: "Import its data first, or use the world `demo`.",
  });
}

/** Throws `invalid_input` for a scene whose overlay would be the data as loaded. */
export function refuseBase({ overlay }: Scene): void {
  if (overlay === BASE)
    throw new AppError("invalid_input", "A scene needs an overlay of its own: the empty name is that of the data as loaded.");
}

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
  if (loaded?.digest !== digest)
    throw new AppError("conflict", `The airline world ${JSON.stringify(world)} is loaded with other data.`, {
      hint: "Load it under another name.",
    });
}

/** Reads through an overlay: its own row where it has one, else the world's. */
export function readThrough(tx: Prisma.TransactionClient, { world, overlay }: Scene): AirlineReader {
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

/** Every document of a world as it was loaded. Throws `not_found` for a world that is not loaded. */
export async function readWorld(prisma: PrismaClient, world: string): Promise<Record<AirlineTable, ReadonlyMap<string, object>>> {
  const read = async (table: AirlineTable): Promise<ReadonlyMap<string, object>> => {
    const rows = await prisma.$queryRaw<{ id: string; document: object }[]>`
      SELECT id, document FROM ${TABLES[table]} WHERE world = ${world} AND overlay = ${BASE}`;
    return new Map(rows.map(({ id, document }) => [id, document]));
  };
  if ((await prisma.airlineWorld.findUnique({ where: { name: world } })) === null) throw unknownWorld(world);
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

/** Forgets an overlay: its documents, and the calls made in it. */
export async function dropOverlay(prisma: PrismaClient, scene: Scene): Promise<void> {
  refuseBase(scene);
  await prisma.$transaction([
    prisma.airlineFlight.deleteMany({ where: scene }),
    prisma.airlineReservation.deleteMany({ where: scene }),
    prisma.airlineUser.deleteMany({ where: scene }),
    prisma.toolEffect.deleteMany({ where: scene }),
  ]);
}
