import type { PrismaClient } from "@signalbox/db/prisma";
import { LANGUAGE_CONTRACT, PLANNING_CONTRACT, remoteService, type ServiceContract, TOOLS_CONTRACT } from "@signalbox/listener";
import type { MemoryService } from "@signalbox/model";
import type { Services } from "../worker/converse.ts";
import type { IntentClassifier } from "./language/intentClassifier.ts";
import { openLanguageService } from "./language/languageService.ts";
import type { LlmPlanner } from "./planning/llm/llmPlanner.ts";
import { openPlanningService } from "./planning/planningService.ts";
import { keepDefinitions } from "./tools/keepDefinitions.ts";
import { openToolService } from "./tools/toolService.ts";

/** Where each service runs: behind HTTP at a URL, or in this process when there is none. */
export type ServiceUrls = { readonly [Name in Exclude<keyof Services, "memory">]: string | undefined };

function nearOrFar<Service extends object>(url: string | undefined, contract: ServiceContract<Service>, openHere: () => Service): Service {
  return url === undefined ? openHere() : remoteService(url, contract);
}

/** Puts the four services together, each from where the configuration has it; memory, which has stores of its own, is opened before. `llm` is null where no model is configured. */
export function openServices(
  urls: ServiceUrls,
  classifier: IntentClassifier,
  memory: MemoryService,
  prisma: PrismaClient,
  llm: LlmPlanner | null = null,
): Services {
  return {
    language: nearOrFar(urls.language, LANGUAGE_CONTRACT, () => openLanguageService(classifier)),
    memory,
    planning: nearOrFar(urls.planning, PLANNING_CONTRACT, () => openPlanningService(llm)),
    tools: keepDefinitions(nearOrFar(urls.tools, TOOLS_CONTRACT, () => openToolService(prisma))),
  };
}
