import { openToolEffects, type PrismaClient, type ToolEffect, type WorldStore } from "@signalbox/db/prisma";
import type { ToolRequest } from "@signalbox/model";
import type { DomainTools } from "./domain.ts";
import { withinMs } from "./withinMs.ts";

/**
 * Runs tool calls in a world: a call, its effect and its answer are stored together. A tool that exceeds its time limit is answered with an
 * error for good, and its late effect is not stored.
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
