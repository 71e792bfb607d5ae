import type { PrismaClient } from "@signalbox/db/prisma";
import {
  LANGUAGE_CONTRACT,
  MEMORY_CONTRACT,
  PLANNING_CONTRACT,
  remoteService,
  type ServiceContract,
  TOOLS_CONTRACT,
} from "@signalbox/listener";
import type { Clock } from "../clock.ts";
import type { Services } from "../worker/converse.ts";
import type { IntentClassifier } from "./language/intentClassifier.ts";
import { openLanguageService } from "./language/languageService.ts";
import { openMemoryService } from "./memory/memoryService.ts";
import { openPlanningService } from "./planning/planningService.ts";
import { keepDefinitions } from "./tools/keepDefinitions.ts";
import { openToolService, type ToolParts } from "./tools/toolService.ts";

/** Where each service runs: behind HTTP at a URL, or in this process when there is none. */
export type ServiceUrls = { readonly [Name in keyof Services]: string | undefined };

function nearOrFar<Service extends object>(url: string | undefined, contract: ServiceContract<Service>, openHere: () => Service): Service {
  return url === undefined ? openHere() : remoteService(url, contract);
}

/** Opens the four services, each where the configuration puts it. */
export function openServices(
  urls: ServiceUrls,
  classifier: IntentClassifier,
  prisma: PrismaClient,
  clock: Clock,
  toolParts: ToolParts = {},
): Services {
  return {
    language: nearOrFar(urls.language, LANGUAGE_CONTRACT, () => openLanguageService(classifier)),
    memory: nearOrFar(urls.memory, MEMORY_CONTRACT, () => openMemoryService(prisma, clock)),
    planning: nearOrFar(urls.planning, PLANNING_CONTRACT, openPlanningService),
    tools: keepDefinitions(
      nearOrFar(urls.tools, TOOLS_CONTRACT, () => openToolService(prisma, toolParts)),
      clock,
    ),
  };
}
