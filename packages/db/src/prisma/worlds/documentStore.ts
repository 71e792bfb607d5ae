import type { DocumentReader, Scene, WorldDocument } from "@signalbox/model";
import { sha256 } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { BASE, isName, jsonTexts, type OverlaidDocument, refuseBase, takenWorld, unknownWorld, type WorldStore } from "./worldStore.ts";

/** The columns of documents as arrays, for `unnest`. */
function columnsOf(documents: readonly WorldDocument[]): Prisma.Sql {
  const column = (of: (document: WorldDocument) => string | null): (string | null)[] => documents.map(of);
  return Prisma.sql`unnest(
    ${column(({ kind }) => kind)}::text[], ${column(({ id }) => id)}::text[], ${column(({ owner }) => owner)}::text[],
    ${jsonTexts(documents.map(({ document }) => document))}::text[]
  ) AS given (kind, id, owner, document)`;
}

/**
 * Loads a world of a domain unless it exists. All of it becomes visible at once; a concurrent
 * load of the same world waits. Throws `conflict` if the name stands for other data.
 */
export async function loadDocuments(
  prisma: PrismaClient,
  { domain, world }: Pick<Scene, "domain" | "world">,
  documents: readonly WorldDocument[],
): Promise<void> {
  const digest = sha256(JSON.stringify(documents));
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

type Filed = { id: string; owner: string | null; document: object };

/** The documents of a world by kind and id, and by kind and owner. */
type FiledWorld = { byId: ReadonlyMap<string, Filed>; byOwner: ReadonlyMap<string, readonly Filed[]> };

const place = (kind: string, name: string | null): string => `${kind}/${name}`;

function fileDocuments(documents: readonly (Filed & { kind: string })[]): FiledWorld {
  return {
    byId: new Map(documents.map((filed) => [place(filed.kind, filed.id), filed])),
    byOwner: Map.groupBy(documents, ({ kind, owner }) => place(kind, owner)),
  };
}

/** A view of a world through an overlay. */
function readerOf(world: FiledWorld, overlaid: readonly OverlaidDocument[]): DocumentReader {
  const own = fileDocuments(overlaid.map(({ owner = null, ...document }) => ({ owner, ...document })));
  return {
    get: async (kind, id) => (isName(id) ? (own.byId.get(place(kind, id)) ?? world.byId.get(place(kind, id)))?.document : undefined),
    async list(kind, owner) {
      const beneath = world.byOwner.get(place(kind, owner)) ?? [];
      const uncovered = beneath.filter(({ id }) => !own.byId.has(place(kind, id)));
      const filed = [...uncovered, ...(own.byOwner.get(place(kind, owner)) ?? [])];
      return filed.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ document }) => document);
    },
  };
}

/** The documents of every domain without tables of its own. A document's owner never changes. */
export const DOCUMENT_STORE: WorldStore<DocumentReader, WorldDocument> = {
  async openWorld(prisma, { domain, world }) {
    if ((await prisma.world.findUnique({ where: { domain_name: { domain, name: world } } })) === null)
      throw unknownWorld({ domain, world });
    const documents = await prisma.$queryRaw<(Filed & { kind: string })[]>`
      SELECT kind, id, owner, document FROM world_document WHERE world = ${world} AND overlay = ${BASE} AND domain = ${domain}`;
    const filed = fileDocuments(documents);
    return (overlaid) => readerOf(filed, overlaid);
  },
  overlaidOfAsked: Prisma.sql`
    SELECT kind, id, owner, document FROM world_document AS own
    WHERE own.world = asked.world AND own.overlay = asked.overlay AND own.domain = asked.domain`,
  writeParts: (writes) => Prisma.sql`documents AS (
    INSERT INTO world_document (world, overlay, domain, kind, id, owner, document)
    SELECT world, overlay, domain, kind, id, owner, document::json
    FROM unnest(
      ${writes.map(({ scene }) => scene.world)}::text[], ${writes.map(({ scene }) => scene.overlay)}::text[], ${writes.map(({ scene }) => scene.domain)}::text[],
      ${writes.map(({ idempotencyKey }) => idempotencyKey)}::text[], ${writes.map(({ write }) => write.kind)}::text[],
      ${writes.map(({ write }) => write.id)}::text[], ${writes.map(({ write }) => write.owner)}::text[],
      ${jsonTexts(writes.map(({ write }) => write.document))}::text[]
    ) AS written (world, overlay, domain, idempotency_key, kind, id, owner, document) JOIN fence USING (world, overlay, domain, idempotency_key)
    ON CONFLICT (world, overlay, domain, kind, id) DO UPDATE SET document = EXCLUDED.document
  )`,
};

/** A document of an overlay, and the world's document beneath it (null: none). */
type CoveringDocument = { kind: string; id: string; document: object; base: object | null };

/** The documents of an overlay, whether or not they differ from the world's. */
export async function listCovering(prisma: PrismaClient, scene: Scene): Promise<CoveringDocument[]> {
  refuseBase(scene);
  const { domain, world, overlay } = scene;
  return prisma.$queryRaw`
    SELECT own.kind, own.id, own.document, base.document AS base FROM world_document AS own
    LEFT JOIN world_document AS base
      ON base.world = own.world AND base.overlay = ${BASE} AND base.domain = own.domain AND base.kind = own.kind AND base.id = own.id
    WHERE own.world = ${world} AND own.overlay = ${overlay} AND own.domain = ${domain}`;
}

/** The documents of an overlay, and the digest of its world. Throws `not_found` for a world that is not loaded. */
export async function listOverlaidDocuments(
  prisma: PrismaClient,
  scene: Scene,
): Promise<{ worldDigest: string; documents: CoveringDocument[] }> {
  refuseBase(scene);
  const { domain, world } = scene;
  const loaded = await prisma.world.findUnique({ where: { domain_name: { domain, name: world } } });
  if (loaded === null) throw unknownWorld(scene);
  return { worldDigest: loaded.digest, documents: await listCovering(prisma, scene) };
}
