import type { PrismaClient } from "@signalbox/db/prisma";
import { AppError, type ToolService } from "@signalbox/model";
import type { Domain, DomainTools } from "../../domains/domain.ts";
import { DOMAINS, requireDomain } from "../../domains/domains.ts";
import { openBulkheads } from "./bulkheads.ts";
import { NO_OUTSIDE_TOOLS, type OutsideTools } from "./outsideTools.ts";
import { type ToolSettings, termsOf, USUAL_SETTINGS, USUAL_TERMS, whyNotAllowed } from "./toolSettings.ts";

/**
 * Default limit of running calls per tool. Calls of MCP servers share few connections, and nobody knows how long they take: a tool that
 * hangs must leave room for the others.
 */
const CONCURRENCY_MAX = { own: 16, outside: 2 };

/** The dependencies of a tool service besides the database. */
export type ToolParts = { domains?: readonly Domain[]; settings?: ToolSettings; outside?: OutsideTools };

function hasTool({ tools }: Domain, name: string): boolean {
  return tools.some((tool) => tool.name === name);
}

/** Throws if the settings name an unknown tool: a permission with a typing error would permit everything. */
function requireTools({ tools }: ToolSettings, domains: readonly Domain[], outside: OutsideTools): void {
  for (const [name, terms] of Object.entries(tools)) {
    const domain = requireDomain(name, domains);
    const missing = Object.keys(terms).find((tool) => !hasTool(domain, tool) && !outside.has(name, tool));
    if (missing !== undefined)
      throw new AppError(
        "infrastructure",
        `The tools' settings speak of ${JSON.stringify(missing)} of ${name}, and there is no such tool.`,
      );
  }
}

/** The tools of every domain, working on PostgreSQL, and those of MCP servers. */
export function openToolService(prisma: PrismaClient, parts: ToolParts = {}): ToolService {
  const { domains = DOMAINS, settings = USUAL_SETTINGS, outside = NO_OUTSIDE_TOOLS } = parts;
  requireTools(settings, domains, outside);
  const bulkheads = openBulkheads();
  const opened = new Map<Domain, DomainTools>(domains.map((domain) => [domain, domain.openTools(prisma)]));
  const open = (name: string): { domain: Domain; own: DomainTools } => {
    const domain = requireDomain(name, domains);
    const own = opened.get(domain);
    if (own === undefined) throw new TypeError(`the tools of ${name} are not open`);
    return { domain, own };
  };
  return {
    async list({ domain: name }) {
      const tools = [...open(name).domain.tools, ...(await outside.list(name))];
      return tools.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async call(request) {
      const { scene, call, agentVersion } = request;
      const { domain, own } = open(scene.domain);
      const isOutside = outside.has(domain.name, call.name);
      // An unknown tool is answered at once; it has no slots, since callers may make up names.
      if (!isOutside && !hasTool(domain, call.name)) return own.call(request, { timeoutMs: USUAL_TERMS.timeoutMs, refusal: null });

      const terms = termsOf(settings, domain.name, call.name);
      const { timeoutMs, concurrencyMax = CONCURRENCY_MAX[isOutside ? "outside" : "own"] } = terms;
      const refusal = whyNotAllowed(terms, call.name, agentVersion);
      return bulkheads.run(`${domain.name}/${call.name}`, concurrencyMax, () =>
        (isOutside ? outside : own).call(request, { timeoutMs, refusal }),
      );
    },
    state: async (scene) => open(scene.domain).own.state(scene),
  };
}
