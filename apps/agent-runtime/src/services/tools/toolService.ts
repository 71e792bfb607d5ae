import { callOnce, listOverlaid, type PrismaClient, readWorld } from "@signalbox/db/prisma";
import { canonicalJson, type ToolService } from "@signalbox/model";
import { dataHash } from "../../domains/airline/tools/dataHash.ts";
import { runTool } from "../../domains/airline/tools/runTool.ts";
import type { Tool } from "../../domains/airline/tools/tool.ts";
import { airlineTools } from "../../domains/airline/tools/tools.ts";
import { keepWorldTexts } from "../../domains/airline/tools/worldTexts.ts";

/** The tools at work on PostgreSQL: a call, its effect and its answer are one transaction. A document that was changed back is no change. */
export function openToolService(prisma: PrismaClient, tools: readonly Tool[] = airlineTools): ToolService {
  const worldText = keepWorldTexts((world) => readWorld(prisma, world));
  return {
    call: (request) =>
      callOnce(prisma, request, async (reader) => {
        const { outcome, endsEpisode, writes } = await runTool(tools, reader, request.call);
        return { answer: { output: outcome.output, isError: outcome.kind === "refusal", endsEpisode }, writes };
      }),
    async state(scene) {
      const world = await worldText(scene.world);
      const overlaid = await listOverlaid(prisma, scene);
      const texts = overlaid.map((own) => ({ ...own, text: canonicalJson(own.document), baseText: own.base && canonicalJson(own.base) }));
      const changed = texts.filter(({ text, baseText }) => text !== baseText);
      return {
        changed: Object.fromEntries(changed.map(({ table, id, text }) => [`${table}/${id}`, text])),
        dataHash: dataHash(world, changed),
      };
    },
  };
}
