import { callOnce, listOverlaid, type PrismaClient, readWorld } from "@signalbox/db/prisma";
import { AppError, canonicalJson, type ToolService } from "@signalbox/model";
import { dataHash } from "./airline/dataHash.ts";
import { definitionsOf } from "./airline/definitions.ts";
import { runTool } from "./airline/runTool.ts";
import type { Tool } from "./airline/tool.ts";
import { airlineTools } from "./airline/tools.ts";
import { keepWorldTexts } from "./airline/worldTexts.ts";

/** The tools at work on PostgreSQL: a call, its effect and its answer are one transaction. A document that was changed back is no change. */
export function openToolService(prisma: PrismaClient, tools: readonly Tool[] = airlineTools): ToolService {
  const worldText = keepWorldTexts((world) => readWorld(prisma, world));
  return {
    list: async ({ domain }) => {
      if (domain !== "airline") throw new AppError("not_found", `There is no domain ${domain}.`);
      return definitionsOf(tools);
    },
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
