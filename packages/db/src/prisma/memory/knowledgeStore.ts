import { AppError, type KnowledgeDocument } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";

const FLOAT_BYTES = 4;

/** The time limit of a transaction: a batch is some dozens of documents. */
const BATCH_MS_MAX = 60_000;

/** The time limit for replacing all vectors of a project in one transaction. */
const REPLACE_MS_MAX = 30 * 60_000;

/** The state of a project's knowledge. `revision` grows with every change. */
export interface KnowledgeState {
  revision: number;
  embedder: string;
}

/** A document with its chunks, ready to be stored. `digest` tells whether it equals the stored one. */
export interface EmbeddedDocument {
  document: KnowledgeDocument;
  digest: string;
  chunks: readonly { text: string; vector: Float32Array }[];
}

/** A document in a list. */
export interface ListedDocument {
  id: string;
  title: string;
  digest: string;
  revision: number;
  chunks: number;
  updatedAt: string;
}

/** A chunk of a stored document. */
export interface StoredChunk {
  document: string;
  digest: string;
  position: number;
  title: string;
  text: string;
  attributes: Record<string, string>;
  vector: Float32Array;
}

function vectorBytes(vector: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(vector.length * FLOAT_BYTES);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * FLOAT_BYTES);
  return Uint8Array.from(bytes);
}

function vectorOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / FLOAT_BYTES }, (_, at) => view.getFloat32(at * FLOAT_BYTES, true));
}

/** The state of a project's knowledge; null where nothing was ever loaded. */
export async function readKnowledgeState(prisma: PrismaClient, project: string): Promise<KnowledgeState | null> {
  const row = await askStateStore(() => prisma.knowledgeBase.findUnique({ where: { project } }));
  return row === null ? null : { revision: Number(row.revision), embedder: row.embedder };
}

/** Every document of a project without its text, by id. */
export async function listKnowledgeDocuments(prisma: PrismaClient, project: string): Promise<ListedDocument[]> {
  const rows = await askStateStore(() =>
    prisma.knowledgeDocument.findMany({
      where: { project },
      select: { id: true, title: true, digest: true, revision: true, updatedAt: true, _count: { select: { chunks: true } } },
      orderBy: { id: "asc" },
    }),
  );
  return rows.map(({ _count, revision, updatedAt, ...row }) => ({
    ...row,
    revision: Number(revision),
    chunks: _count.chunks,
    updatedAt: updatedAt.toISOString(),
  }));
}

/** The given documents of a project, as loaded. */
export async function readKnowledgeDocuments(prisma: PrismaClient, project: string, ids: readonly string[]): Promise<KnowledgeDocument[]> {
  const rows = await askStateStore(() =>
    prisma.knowledgeDocument.findMany({ where: { project, id: { in: [...ids] } }, orderBy: { id: "asc" } }),
  );
  return rows.map(({ id, title, content, attributes }) => ({ id, title, text: content, attributes: attributes as Record<string, string> }));
}

/** The chunks of the given documents of a project, with their vectors. */
export async function readKnowledgeChunks(prisma: PrismaClient, project: string, documents: readonly string[]): Promise<StoredChunk[]> {
  const rows = await askStateStore(() =>
    prisma.knowledgeChunk.findMany({
      where: { project, document: { in: [...documents] } },
      include: { owner: { select: { title: true, attributes: true, digest: true } } },
      orderBy: [{ document: "asc" }, { position: "asc" }],
    }),
  );
  return rows.map(({ document, position, content, embedding, owner }) => ({
    ...{ document, position, title: owner.title, text: content, digest: owner.digest },
    attributes: owner.attributes as Record<string, string>,
    vector: vectorOf(embedding),
  }));
}

/** Begins a change of a project's knowledge and allocates its revision. Throws `not_found` without such a project. */
async function nextRevision(transaction: Prisma.TransactionClient, project: string, embedder: string): Promise<bigint> {
  const [row] = await transaction.$queryRaw<{ revision: bigint }[]>`
    INSERT INTO knowledge_base AS base (project, revision, embedder) VALUES (${project}, 1, ${embedder})
    ON CONFLICT (project) DO UPDATE SET revision = base.revision + 1 WHERE base.embedder = ${embedder} RETURNING revision`;
  if (row !== undefined) return row.revision;
  throw new AppError("conflict", `The knowledge of ${project} has vectors of another embedder than ${embedder}.`, {
    hint: `./signalbox knowledge rebuild --project ${project} makes them anew.`,
  });
}

/**
 * Stores documents, replacing those with the same ids, all or none. Throws `not_found`
 * without such a project, `conflict` where its vectors are of another embedder.
 */
export async function putKnowledge(
  prisma: PrismaClient,
  { project, embedder, documents, now }: { project: string; embedder: string; documents: readonly EmbeddedDocument[]; now: Date },
): Promise<void> {
  await requireProject(prisma, project);
  const write = async (transaction: Prisma.TransactionClient): Promise<void> => {
    const revision = await nextRevision(transaction, project, embedder);
    await transaction.knowledgeDocument.deleteMany({ where: { project, id: { in: documents.map(({ document }) => document.id) } } });
    await transaction.knowledgeDocument.createMany({
      data: documents.map(({ document: { id, title, text, attributes }, digest }) => ({
        ...{ project, id, title, content: text, attributes, digest, revision, updatedAt: now },
      })),
    });
    await transaction.knowledgeChunk.createMany({
      data: documents.flatMap(({ document, chunks }) =>
        chunks.map(({ text, vector }, position) => ({
          project,
          document: document.id,
          position,
          content: text,
          embedding: vectorBytes(vector),
        })),
      ),
    });
  };
  await askStateStore(() => prisma.$transaction(write, { timeout: BATCH_MS_MAX, maxWait: BATCH_MS_MAX }));
}

/** Deletes documents of a project; returns how many existed. */
export async function removeKnowledge(prisma: PrismaClient, project: string, ids: readonly string[]): Promise<number> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const { count } = await transaction.knowledgeDocument.deleteMany({ where: { project, id: { in: [...ids] } } });
      if (count > 0) await transaction.knowledgeBase.updateMany({ where: { project }, data: { revision: { increment: 1 } } });
      return count;
    }),
  );
}

/**
 * Replaces the vectors of all of a project's chunks with those of another embedder,
 * all or none. Throws `conflict` where its knowledge has changed since `state`.
 */
export async function replaceVectors(
  prisma: PrismaClient,
  { project, state, embedder, chunks }: { project: string; state: KnowledgeState; embedder: string; chunks: readonly StoredChunk[] },
): Promise<void> {
  const write = async (transaction: Prisma.TransactionClient): Promise<void> => {
    const { count } = await transaction.knowledgeBase.updateMany({
      where: { project, revision: state.revision },
      data: { embedder, revision: { increment: 1 } },
    });
    if (count === 0) throw new AppError("conflict", `The knowledge of ${project} changed meanwhile.`, { hint: "Try again." });
    for (const { document, position, vector } of chunks)
      await transaction.knowledgeChunk.update({
        where: { project_document_position: { project, document, position } },
        data: { embedding: vectorBytes(vector) },
      });
    await transaction.knowledgeDocument.updateMany({ where: { project }, data: { revision: state.revision + 1 } });
  };
  await askStateStore(() => prisma.$transaction(write, { timeout: REPLACE_MS_MAX, maxWait: BATCH_MS_MAX }));
}
