import { listKnowledgeDocuments, type PrismaClient, readKnowledgeChunks, readKnowledgeState } from "@signalbox/db/prisma";
import { type Embedder, type KnowledgeRows, openKnowledgeBases, type VectorStore } from "@signalbox/knowledge";
import type { MemoryService } from "@signalbox/model";
import type { Clock } from "../../clock.ts";
import type { ShortTermMemory } from "./shortTermMemory.ts";

/** Documents that were just loaded may not be found for this long, in milliseconds. */
const CHECK_EVERY_MS = 1_000;

/** The dependencies of a memory service. */
export type MemoryParts = { shortTerm: ShortTermMemory; prisma: PrismaClient; embedder: Embedder; vectors: VectorStore; clock: Clock };

function knowledgeRows(prisma: PrismaClient): KnowledgeRows {
  return {
    state: (project) => readKnowledgeState(prisma, project),
    documents: (project) => listKnowledgeDocuments(prisma, project),
    chunks: (project, documents) => readKnowledgeChunks(prisma, project, documents),
  };
}

/** Memory of a session's turns, and of a project's documents. */
export function openMemoryService({ shortTerm, prisma, embedder, vectors, clock }: MemoryParts): MemoryService {
  const knowledge = openKnowledgeBases({
    rows: knowledgeRows(prisma),
    embedder,
    store: vectors,
    checkEveryMs: CHECK_EVERY_MS,
    nowMs: () => clock.nowUs() / 1_000,
  });
  return {
    recall: async (session) => ({ turns: await shortTerm.recall(session) }),
    remember: async (turn) => {
      await shortTerm.remember(turn);
      return { isRemembered: true };
    },
    search: (query) => knowledge.search(query),
  };
}
