import { openToolEffects, type PrismaClient, type ToolEffect, type WorldStore } from "@signalbox/db/prisma";
import type { ToolRequest } from "@signalbox/model";
import type { DomainTools } from "./domain.ts";
import { withinMs } from "./withinMs.ts";

/**
 * Calls of tools that work on a world: a call, its effect and its answer are stored together. A tool
 * that is not done in time has answered so for good, and what it would have left is not stored.
 */
export function callInWorld<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
  run: (reader: Reader, call: ToolRequest) => Promise<ToolEffect<Write>>,
): DomainTools["call"] {
  const effects = openToolEffects(prisma, store);
  const refuse = (reason: string) => ({ answer: { output: `Error: ${reason}`, isError: true, endsEpisode: false }, writes: [] });
  return (request, { timeoutMs, refusal }) =>
    effects.callOnce(request, async (reader) => {
      if (refusal !== null) return refuse(refusal);
      const effect = await withinMs(timeoutMs, run(reader, request.call));
      return effect === "too late" ? refuse(`${request.call.name} did not answer within ${timeoutMs} ms and has done nothing.`) : effect;
    });
}
