import type { ToolRequest } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import type { OverlaidAirlineDocument } from "./airlineStore.ts";

/** A task's effects in the airline's world: the recorded calls of its scene that were not refused, in order, and its current documents. */
export type AirlineAccount = { taskId: string; calls: ToolRequest[]; documents: OverlaidAirlineDocument[] };

/** The accounts of those tasks that called a tool or left a document in a world; an overlay has its task's name. */
export async function listAirlineAccounts(prisma: PrismaClient, world: string, taskIds: readonly string[]): Promise<AirlineAccount[]> {
  const ids = [...taskIds];
  const documents = (table: "reservations" | "users" | "flights", stored: Prisma.Sql): Prisma.Sql => Prisma.sql`
    SELECT own.overlay, json_build_object('table', ${table}::text, 'id', own.id, 'document', own.document, 'base', base.document) AS document
    FROM ${stored} AS own LEFT JOIN ${stored} AS base ON base.world = own.world AND base.overlay = '' AND base.id = own.id
    WHERE own.world = ${world} AND own.overlay = ANY(${ids}::text[])`;
  return prisma.$queryRaw<AirlineAccount[]>`
    SELECT overlay AS "taskId", COALESCE(calls, '[]') AS calls, COALESCE(documents, '[]') AS documents
    FROM (
      SELECT overlay, json_agg(call ORDER BY position) AS calls FROM tool_effect
      WHERE world = ${world} AND domain = 'airline' AND overlay = ANY(${ids}::text[]) AND NOT (answer ->> 'isError')::boolean GROUP BY overlay
    ) AS called FULL JOIN (
      SELECT overlay, json_agg(document) AS documents FROM (
        ${documents("reservations", Prisma.raw("airline_reservation"))} UNION ALL ${documents("users", Prisma.raw("airline_user"))}
        UNION ALL ${documents("flights", Prisma.raw("airline_flight"))}
      ) AS own GROUP BY overlay
    ) AS left_there USING (overlay)`;
}
