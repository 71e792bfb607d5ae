import { createHash } from "node:crypto";
import type { DocumentReader, Scene, WorldDocument } from "@signalbox/model";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { BASE, isName, jsonTexts, refuseBase, takenWorld, unknownWorld, type WorldStore } from "./worldStore.ts";

/** The columns of documents as lists, to be unnested. */
function columnsOf(documents: readonly WorldDocument[]): Prisma.Sql {
  const column = (of: (document: WorldDocument) => string | null): (string | null)[] => documents.map(of);
  return Prisma.sql`unnest(
    ${column(({ kind }) => kind)}::text[], ${column(({ id }) => id)}::text[], ${column(({ owner }) => owner)}::text[],
    ${jsonTexts(documents.map(({ document }) => document))}::text[]
  ) AS given (kind, id, owner, document)`;
}

/**
 * Loads a world of a domain unless it is there. All of it becomes visible at once; whoever loads the same world meanwhile waits for it.
 * Throws `conflict` if the name stands for other data.
 */
export async function loadDocuments(
  prisma: PrismaClient,
  { domain, world }: Pick<Scene, "domain" | "world">,
  documents: readonly WorldDocument[],
): Promise<void> {
  const digest = createHash("sha256").update(JSON.stringify(documents)).digest("hex");
  await prisma.$transaction(async (tx) => {
    const claimed = await tx.$executeRaw`
      INSERT INTO world (domain, name, digest) VALUES (${domain}, ${world}, ${digest}) ON CONFLICT DO NOTHING`;
    if (claimed === 0) return;
    await tx.$executeRaw`
      INSERT INTO world_document (world, overlay, domain, kind, id, owner, document)
      SELECT ${world}, ${BASE}, ${domain}, kind, id, owner, document::json FROM ${columnsOf(documents)}`;
  });
  const loaded = await prisma.world.findUnique({ where: { domain_name: { domain, name: world } } });
  if (loaded?.digest !== digest) throw takenWorld({ domain, world });
}

function readThrough(tx: Prisma.TransactionClient, { domain, world, overlay }: Scene): DocumentReader {
  return {
    async get(kind, id) {
      if (!isName(id)) return undefined;
      const rows = await tx.$queryRaw<{ document: object }[]>`
        SELECT document FROM world_document
        WHERE world = ${world} AND overlay IN (${BASE}, ${overlay}) AND domain = ${domain} AND kind = ${kind} AND id = ${id}
        ORDER BY overlay DESC LIMIT 1`;
      return rows[0]?.document;
    },
    async list(kind, owner) {
      if (!isName(owner)) return [];
      const rows = await tx.$queryRaw<{ document: object }[]>`
        SELECT DISTINCT ON (id) id, document FROM world_document
        WHERE domain = ${domain} AND world = ${world} AND kind = ${kind} AND owner = ${owner} AND overlay IN (${BASE}, ${overlay})
        ORDER BY id, overlay DESC`;
      return rows.map(({ document }) => document);
    },
  };
}

/** The documents of every domain that has no tables of its own. A document keeps its owner for good. */
export const DOCUMENT_STORE: WorldStore<DocumentReader, WorldDocument> = {
  worldRow: ({ domain, world }) => Prisma.sql`SELECT FROM world WHERE domain = ${domain} AND name = ${world}`,
  readThrough,
  writeParts: ({ domain, world, overlay }, writes) => Prisma.sql`documents AS (
    INSERT INTO world_document (world, overlay, domain, kind, id, owner, document)
    SELECT ${world}, ${overlay}, ${domain}, kind, id, owner, document::json FROM ${columnsOf(writes)}
    ON CONFLICT (world, overlay, domain, kind, id) DO UPDATE SET document = EXCLUDED.document
  )`,
};

/** A document that an overlay holds, and the one of the world beneath it (null: none). */
type OverlaidDocument = { kind: string; id: string; document: object; base: object | null };

/** The documents that an overlay holds, whether or not they differ from the world's, and the digest of that world. Throws `not_found` for a world that is not loaded. */
export async function listOverlaidDocuments(
  prisma: PrismaClient,
  scene: Scene,
): Promise<{ worldDigest: string; documents: OverlaidDocument[] }> {
  refuseBase(scene);
  const { domain, world, overlay } = scene;
  const loaded = await prisma.world.findUnique({ where: { domain_name: { domain, name: world } } });
  if (loaded === null) throw unknownWorld(scene);
  const documents = await prisma.$queryRaw<OverlaidDocument[]>`
    SELECT own.kind, own.id, own.document, base.document AS base FROM world_document AS own
    LEFT JOIN world_document AS base
      ON base.world = own.world AND base.overlay = ${BASE} AND base.domain = own.domain AND base.kind = own.kind AND base.id = own.id
    WHERE own.world = ${world} AND own.overlay = ${overlay} AND own.domain = ${domain}`;
  return { worldDigest: loaded.digest, documents };
}
