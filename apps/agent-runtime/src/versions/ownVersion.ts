import { type AgentVersion, agentVersionOf, canonicalHash } from "@signalbox/model";
import type { Config } from "../config.ts";
import { DOMAINS } from "../domains/domains.ts";
import { VERSION } from "../identity.ts";
import { PROMPTS, promptFor } from "../services/planning/llm/prompts.ts";
import type { ToolSettings } from "../services/tools/toolSettings.ts";

type Settings = Pick<Config, "llm" | "classifier" | "intentModels" | "unclear" | "toolSettings" | "planted">;

/** The classifier and its models by domain; `*` stands for the domains without a model of their own. */
function understandingOf({ classifier, llm, intentModels }: Settings) {
  if (classifier === "llm") return { classifier, models: llm.model === undefined ? {} : { "*": llm.model } };
  const versions = intentModels?.versions ?? [];
  return { classifier, models: Object.fromEntries(versions.map(({ domain, version }) => [domain ?? "*", version])) };
}

/**
 * The tools by domain, including the configured tools of MCP servers, and a hash of their descriptions. Addresses and credentials of
 * servers are not part of it.
 */
function toolsOf({ tools: terms, mcpServers }: ToolSettings) {
  const outside = Object.entries(mcpServers).map(([server, { tools }]) => ({ server, tools }));
  const names = DOMAINS.map(({ name, tools }) => {
    const more = outside.flatMap((one) => (one.tools[name] ?? []).map((tool) => `${one.server}.${tool}`));
    return [name, [...tools.map((tool) => tool.name), ...more].sort()] as const;
  });
  const said = { own: DOMAINS.map(({ name, tools }) => ({ name, tools })), outside, terms };
  return { names: Object.fromEntries(names), hash: canonicalHash(said) };
}

/** The agent version that a process with these settings runs as. A worker and the services that it calls get the same settings. */
export function ownVersion(settings: Settings): AgentVersion {
  const { chat, model, temperature = null } = settings.llm;
  const provider = chat === undefined ? null : "endpoint" in chat ? chat.endpoint.provider : chat.provider;
  const prompts = DOMAINS.map(({ name }) => {
    const prompt = promptFor(name, undefined);
    return [name, { name: `${prompt.name}@${prompt.version}`, hash: prompt.hash }] as const;
  });
  return agentVersionOf({
    code: VERSION,
    planner: "rules",
    unclear: settings.unclear,
    model: provider === null || model === undefined ? null : { provider, name: model, temperature },
    prompts: Object.fromEntries(prompts),
    promptHashes: Object.fromEntries([...PROMPTS].map(([name, { hash }]) => [name, hash])),
    understanding: understandingOf(settings),
    tools: toolsOf(settings.toolSettings),
    ...(settings.planted === null ? {} : { planted: settings.planted }),
  });
}
