import type { ToolDefinition, ToolService } from "@signalbox/model";
import type { Clock } from "../../clock.ts";

/** How many domains' definitions are cached: there are only a few, but a caller may ask for any name. */
const DOMAINS_KEPT_MAX = 100;

/** How long definitions are cached, in microseconds: tools of MCP servers come and go. */
const KEPT_US = 5_000_000;

/** Wraps a tool service so that a domain's tools are listed at most every few seconds. Errors are not cached. */
export function keepDefinitions(service: ToolService, clock: Clock): ToolService {
  const kept = new Map<string, { tools: Promise<ToolDefinition[]>; askedUs: number }>();
  return {
    ...service,
    list: ({ domain }) => {
      const known = kept.get(domain);
      if (known !== undefined && clock.nowUs() - known.askedUs < KEPT_US) return known.tools;
      const asked = { tools: service.list({ domain }), askedUs: clock.nowUs() };
      if (kept.size >= DOMAINS_KEPT_MAX) kept.clear();
      kept.set(domain, asked);
      asked.tools.catch(() => kept.delete(domain));
      return asked.tools;
    },
  };
}
