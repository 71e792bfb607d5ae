import type { ToolDefinition, ToolService } from "@signalbox/model";

/** How many domains' definitions are kept: there are a few, and a caller may ask for any name. */
const DOMAINS_KEPT_MAX = 100;

/** A tool service that is asked once which tools a domain has: they are part of its version. A refusal is not kept. */
export function keepDefinitions(service: ToolService): ToolService {
  const kept = new Map<string, Promise<ToolDefinition[]>>();
  return {
    ...service,
    list: ({ domain }) => {
      const known = kept.get(domain);
      if (known !== undefined) return known;
      const asked = service.list({ domain });
      if (kept.size >= DOMAINS_KEPT_MAX) kept.clear();
      kept.set(domain, asked);
      asked.catch(() => kept.delete(domain));
      return asked;
    },
  };
}
