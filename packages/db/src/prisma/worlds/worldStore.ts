import { AppError, type Scene } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";

/** The name of the overlay that stands for the data as loaded. */
export const BASE = "";

/** A document of an overlay; `owner` where documents of its domain have one. */
export type OverlaidDocument = { kind: string; id: string; owner?: string | null; document: object };

/** A document to store in a scene's overlay, and the key of the call that writes it. */
export type SceneWrite<Write> = { scene: Scene; idempotencyKey: string; write: Write };

/**
 * Stores the documents of a domain: a world, which is loaded once and never changes, and overlays in which
 * tools write. Implementations: the airline's own tables, and `world_document` for every other domain.
 */
export interface WorldStore<Reader, Write> {
  /**
   * Reads a whole world; returns a function that views it through an
   * overlay's documents. Throws `not_found` for a world that is not loaded.
   */
  openWorld(prisma: PrismaClient, scene: Pick<Scene, "domain" | "world">): Promise<(overlaid: readonly OverlaidDocument[]) => Reader>;
  /**
   * A query for the overlay documents of a row of the statement's `asked` (world, overlay, domain): `kind`, `id`, `owner` and `document`.
   */
  readonly overlaidOfAsked: Prisma.Sql;
  /**
   * The parts of a WITH that store the documents of those calls that are
   * in the statement's `fence` (world, overlay, domain, idempotency_key).
   */
  writeParts(writes: readonly SceneWrite<Write>[]): Prisma.Sql;
}

/** PostgreSQL's text cannot contain NUL; a name with one matches nothing. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

/** Documents as parameters for PostgreSQL: each as a text, because its functions on json refuse a NUL that the type itself can hold. */
export function jsonTexts(documents: readonly object[]): string[] {
  return documents.map((document) => JSON.stringify(document));
}

/** The error for a world that is not loaded. */
export function unknownWorld({ domain, world }: Pick<Scene, "domain" | "world">): AppError {
  return new AppError("not_found", `The ${domain} world ${JSON.stringify(world)} is not loaded.`, {
    hint: "Import its data first, or use the world `demo`.",
  });
}

/** The error for a world whose name is taken by other data. */
export function takenWorld({ domain, world }: Pick<Scene, "domain" | "world">): AppError {
  return new AppError("conflict", `The ${domain} world ${JSON.stringify(world)} is loaded with other data.`, {
    hint: "Load it under another name.",
  });
}

/** Throws `invalid_input` for a scene whose overlay would be the data as loaded. */
export function refuseBase({ overlay }: Scene): void {
  if (overlay === BASE)
    throw new AppError("invalid_input", "A scene needs an overlay of its own: the empty name is that of the data as loaded.");
}

/** Deletes an overlay: its documents, and the calls made in it. */
export async function dropOverlay(prisma: PrismaClient, scene: Scene): Promise<void> {
  refuseBase(scene);
  const { domain, world, overlay } = scene;
  const ofAirline = { where: { world, overlay } };
  await prisma.$transaction([
    ...(domain === "airline"
      ? [
          prisma.airlineFlight.deleteMany(ofAirline),
          prisma.airlineReservation.deleteMany(ofAirline),
          prisma.airlineUser.deleteMany(ofAirline),
        ]
      : []),
    prisma.worldDocument.deleteMany({ where: scene }),
    prisma.toolEffect.deleteMany({ where: scene }),
  ]);
}
