import type { PrismaClient } from "@signalbox/db/prisma";
import type { ToolService } from "@signalbox/model";
import type { Domain } from "../../domains/domain.ts";
import { DOMAINS, requireDomain } from "../../domains/domains.ts";

/** How long a tool may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** The tools of every domain at work on PostgreSQL. */
export function openToolService(prisma: PrismaClient, domains: readonly Domain[] = DOMAINS): ToolService {
  const opened = new Map(domains.map((domain) => [domain, domain.openTools(prisma)]));
  const toolsOf = (name: string) => {
    const domain = requireDomain(name, domains);
    const tools = opened.get(domain);
    if (tools === undefined) throw new TypeError(`the tools of ${name} are not open`);
    return tools;
  };
  return {
    list: async ({ domain }) => [...requireDomain(domain, domains).tools],
    call: async (request) => toolsOf(request.scene.domain).call(request, TIMEOUT_MS),
    state: async (scene) => toolsOf(scene.domain).state(scene),
  };
}
