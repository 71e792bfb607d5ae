import {
  type AirlineReader,
  type AirlineTable,
  type AirlineWrite,
  AppError,
  canonicalJson,
  ToolCallAnswer,
  type ToolCallRequest,
} from "@signalbox/model";
import { BASE, jsonTexts, readThrough, refuseBase, TABLES, unknownWorld } from "./airlineStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";

/** What a call did, to be stored together: its answer, and the documents that it leaves behind. */
export type ToolEffect = { answer: Omit<ToolCallAnswer, "replayed">; writes: readonly AirlineWrite[] };

/** The rows `(id, document)` of what is written to a table. */
function writtenRows(writes: readonly AirlineWrite[], table: AirlineTable): Prisma.Sql {
  const own = writes.filter((write) => write.table === table);
  const ids = own.map(({ id }) => id);
  return Prisma.sql`unnest(${ids}::text[], ${jsonTexts(own.map(({ document }) => document))}::text[]) AS written (id, document)`;
}

/** Stores an effect in one statement: overlay rows (a flight keeps its place and route) and the answer. */
async function storeEffect(
  tx: Prisma.TransactionClient,
  { scene, idempotencyKey, call }: ToolCallRequest,
  { answer, writes }: ToolEffect,
): Promise<void> {
  const { world, overlay } = scene;
  const overlaid = (table: "reservations" | "users"): Prisma.Sql => Prisma.sql`
    INSERT INTO ${TABLES[table]} (world, overlay, id, document)
    SELECT ${world}, ${overlay}, id, document::json FROM ${writtenRows(writes, table)}
    ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document`;
  await tx.$executeRaw`
    WITH reservations AS (${overlaid("reservations")}), users AS (${overlaid("users")}), flights AS (
      INSERT INTO airline_flight (world, overlay, id, position, origin, destination, document)
      SELECT ${world}, ${overlay}, id, base.position, base.origin, base.destination, written.document::json
      FROM ${writtenRows(writes, "flights")} JOIN airline_flight AS base USING (id) WHERE base.world = ${world} AND base.overlay = ${BASE}
      ON CONFLICT (world, overlay, id) DO UPDATE SET document = EXCLUDED.document
    )
    INSERT INTO tool_effect (world, overlay, idempotency_key, call, answer)
    VALUES (${world}, ${overlay}, ${idempotencyKey}, ${JSON.stringify(call)}::json, ${JSON.stringify(answer)}::json)`;
}

/**
 * Does `work` once per scene and idempotency key and stores its effect, all in one transaction; a key that is known answers what was stored.
 * Calls of one overlay wait for one another, so that a call made twice at once is done once and none overwrites another's documents.
 * If `work` rejects nothing is stored. Throws `not_found` for a world that is not loaded, `conflict` for a key that another call had.
 */
export async function callOnce(
  prisma: PrismaClient,
  request: ToolCallRequest,
  work: (reader: AirlineReader) => Promise<ToolEffect>,
): Promise<ToolCallAnswer> {
  const { scene, idempotencyKey, call } = request;
  const { world, overlay } = scene;
  refuseBase(scene);
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${JSON.stringify([world, overlay])}, 0))`;
    const [known] = await tx.$queryRaw<{ call: unknown; answer: unknown }[]>`
      SELECT call, answer FROM airline_world
      LEFT JOIN tool_effect ON world = name AND overlay = ${overlay} AND idempotency_key = ${idempotencyKey}
      WHERE name = ${world}`;
    if (known === undefined) throw unknownWorld(world);
    if (known.answer !== null) {
      if (canonicalJson(known.call) === canonicalJson(call)) return ToolCallAnswer.parse({ ...(known.answer as object), replayed: true });
      throw new AppError("conflict", `The idempotency key ${JSON.stringify(idempotencyKey)} was used for another tool call.`);
    }
    const effect = await work(readThrough(tx, scene));
    await storeEffect(tx, request, effect);
    return { ...effect.answer, replayed: false };
  });
}
