import type { PrismaClient } from "@signalbox/db/prisma";
import { LANGUAGE_CONTRACT, PLANNING_CONTRACT, remoteService, type Send, type ServiceContract, TOOLS_CONTRACT } from "@signalbox/listener";
import type { MemoryService } from "@signalbox/model";
import { systemClock } from "../clock.ts";
import type { Services } from "../worker/converse.ts";
import type { IntentClassifier } from "./language/intentClassifier.ts";
import { openLanguageService } from "./language/languageService.ts";
import type { LlmPlanner } from "./planning/llm/llmPlanner.ts";
import { openPlanningService } from "./planning/planningService.ts";
import { keepDefinitions } from "./tools/keepDefinitions.ts";
import { openToolService, type ToolParts } from "./tools/toolService.ts";

/** The transport to each remote service; a service without one is opened in this process. */
export type ServiceTransports = { readonly [Name in keyof Services]: Send | undefined };

function nearOrFar<Service extends object>(way: Send | undefined, contract: ServiceContract<Service>, openHere: () => Service): Service {
  return way === undefined ? openHere() : remoteService(way, contract);
}

/**
 * Assembles the four services, local or remote as configured. Memory has stores of its own and is opened before. `llm` is null if no model
 * is configured.
 */
export function openServices(
  transports: Omit<ServiceTransports, "memory">,
  classifier: IntentClassifier,
  memory: MemoryService,
  prisma: PrismaClient,
  llm: LlmPlanner | null = null,
  toolParts: ToolParts = {},
): Services {
  return {
    language: nearOrFar(transports.language, LANGUAGE_CONTRACT, () => openLanguageService(classifier)),
    memory,
    planning: nearOrFar(transports.planning, PLANNING_CONTRACT, () => openPlanningService(llm)),
    tools: keepDefinitions(
      nearOrFar(transports.tools, TOOLS_CONTRACT, () => openToolService(prisma, toolParts)),
      systemClock,
    ),
  };
}
