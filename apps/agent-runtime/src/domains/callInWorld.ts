import { openToolEffects, type PrismaClient, type ToolEffect, type WorldStore } from "@signalbox/db/prisma";
import type { ToolRequest } from "@signalbox/model";
import type { DomainTools } from "./domain.ts";
import { withinMs } from "./withinMs.ts";

/**
 * Calls of tools that work on a world: a call, its effect and its answer are stored together. A tool that is not done in time has answered so for good, and
 * what it would have left is not stored.
 */
export function callInWorld<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
  run: (reader: Reader, call: ToolRequest) => Promise<ToolEffect<Write>>,
): DomainTools["call"] {
  const effects = openToolEffects(prisma, store);
  return (request, timeoutMs) =>
    effects.callOnce(request, async (reader) => {
      const effect = await withinMs(timeoutMs, run(reader, request.call));
      if (effect !== "too late") return effect;
      const output = `Error: ${request.call.name} did not answer within ${timeoutMs} ms and has done nothing.`;
      return { answer: { output, isError: true, endsEpisode: false }, writes: [] };
    });
}
