import type { PrismaClient } from "@signalbox/db/prisma";
import { type EmbeddingsEndpoint, openEmbedder, openVectorStore, type VectorStoreSettings } from "@signalbox/knowledge";
import type { MemoryService } from "@signalbox/model";
import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { openMemoryService } from "./memoryService.ts";
import { openPostgresMemory } from "./postgresMemory.ts";
import { openRedisMemory } from "./redisMemory.ts";
import { MEMORY_LIMITS } from "./shortTermMemory.ts";

/** Where what memory holds is kept: turns in Redis, where there is one. */
export type MemorySettings = { redisUrl: string | undefined; vectorStore: VectorStoreSettings; embeddings: EmbeddingsEndpoint | undefined };

/** Everything in this process. */
export const MEMORY_HERE: MemorySettings = { redisUrl: undefined, vectorStore: { kind: "embedded" }, embeddings: undefined };

/** Opens the memory service with its stores. */
export async function openMemory(
  { redisUrl, vectorStore, embeddings }: MemorySettings,
  prisma: PrismaClient,
  clock: Clock,
  log: Logger,
): Promise<MemoryService & { close: () => Promise<void> }> {
  const vectors = await openVectorStore(vectorStore);
  const shortTerm =
    redisUrl === undefined ? openPostgresMemory(prisma, clock, MEMORY_LIMITS) : openRedisMemory(redisUrl, clock, MEMORY_LIMITS, log);
  const service = openMemoryService({ shortTerm, prisma, embedder: openEmbedder(embeddings), vectors, clock });
  const close = async (): Promise<void> => {
    await shortTerm.close();
    await vectors[Symbol.asyncDispose]();
  };
  return { ...service, close };
}
