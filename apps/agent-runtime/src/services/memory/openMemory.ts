import type { PrismaClient } from "@signalbox/db/prisma";
import { type EmbeddingsEndpoint, openEmbedder, openVectorStore, type VectorStoreSettings } from "@signalbox/knowledge";
import type { MemoryService } from "@signalbox/model";
import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { followErasures } from "./followErasures.ts";
import { openMemoryService } from "./memoryService.ts";
import { openPostgresMemory } from "./postgresMemory.ts";
import { openRedisMemory } from "./redisMemory.ts";
import { MEMORY_LIMITS, type ShortTermMemory } from "./shortTermMemory.ts";

/** The stores of memory. Turns are in Redis if there is one. */
export type MemorySettings = { redisUrl: string | undefined; vectorStore: VectorStoreSettings; embeddings: EmbeddingsEndpoint | undefined };

/** Opens the store of turns. Turns in PostgreSQL are deleted by the erasure itself; those in Redis have to follow it. */
function openTurns(redisUrl: string | undefined, prisma: PrismaClient, clock: Clock, log: Logger): ShortTermMemory {
  if (redisUrl === undefined) return openPostgresMemory(prisma, clock, MEMORY_LIMITS);
  const memory = openRedisMemory(redisUrl, clock, MEMORY_LIMITS, log);
  const following = followErasures(memory, prisma, { clock, log, turnTtlMs: MEMORY_LIMITS.turnTtlMs });
  return {
    ...memory,
    close: async () => {
      await following.close();
      await memory.close();
    },
  };
}

/** Opens the memory service with its stores. */
export async function openMemory(
  { redisUrl, vectorStore, embeddings }: MemorySettings,
  prisma: PrismaClient,
  clock: Clock,
  log: Logger,
): Promise<MemoryService & { close: () => Promise<void> }> {
  await using opening = new AsyncDisposableStack();
  const vectors = opening.use(await openVectorStore(vectorStore));
  const shortTerm = opening.adopt(openTurns(redisUrl, prisma, clock, log), (turns) => turns.close());
  const service = openMemoryService({ shortTerm, prisma, embedder: openEmbedder(embeddings), vectors, clock });
  const opened = opening.move();
  return { ...service, close: () => opened.disposeAsync() };
}
