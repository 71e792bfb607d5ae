import { readFileSync } from "node:fs";
import { AppError, isOfVersion, issuesText } from "@signalbox/model";
import { z } from "zod";

/**
 * The longest time limit of a tool, in milliseconds. Callers over HTTP wait as long as the service's contract says, and the tool must end
 * before.
 */
export const TIMEOUT_MS_MAX = 10_000;

/**
 * The terms of calling a tool: the time limit in milliseconds, the number of concurrent calls, and the agent versions that may call it
 * (any, unless some are named; a code version alone covers all agent versions of it).
 */
const ToolTerms = z.strictObject({
  timeoutMs: z.number().int().positive().max(TIMEOUT_MS_MAX).default(5_000),
  concurrencyMax: z.number().int().positive().max(1_000).optional(),
  agentVersions: z.array(z.string().min(1)).optional(),
});
export type ToolTerms = z.infer<typeof ToolTerms>;

/** The tools of a server that each domain may use. */
const McpTools = z.record(z.string(), z.array(z.string().min(1)).min(1));

/** An MCP server: a program that we start and talk to over its standard streams, or a URL. */
export const McpServer = z.union([
  z.strictObject({
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    tools: McpTools,
  }),
  z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()).default({}), tools: McpTools }),
]);
export type McpServer = z.infer<typeof McpServer>;

/** Settings of tools: terms by domain and tool, and MCP servers by name. */
const ToolSettings = z.strictObject({
  tools: z.record(z.string(), z.record(z.string(), ToolTerms)).default({}),
  mcpServers: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: "is no name of lower-case letters, digits and -" }), McpServer)
    .default({}),
});
export type ToolSettings = z.infer<typeof ToolSettings>;

/** The default settings: every tool on the default terms, and no MCP server. */
export const USUAL_SETTINGS: ToolSettings = ToolSettings.parse({});

/** The terms of a tool without settings. */
export const USUAL_TERMS: ToolTerms = ToolTerms.parse({});

/** Replaces `${NAME}` in texts by the environment variable, so that secrets need not be in the file. */
function expand(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (Array.isArray(value)) return value.map((item) => expand(item, env));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, env)]));
  if (typeof value !== "string") return value;
  return value.replaceAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g, (_, name: string) => {
    const variable = env[name];
    if (variable !== undefined) return variable;
    throw new AppError("infrastructure", `The tools' settings name the variable ${name}, which is not set.`);
  });
}

/** Reads the settings file of tools. Throws one sentence that says what is wrong with it. */
export function readToolSettings(path: string, env: NodeJS.ProcessEnv): ToolSettings {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new AppError("infrastructure", `The tools' settings in ${path} cannot be read as JSON.`, { cause });
  }
  const parsed = ToolSettings.safeParse(expand(given, env));
  if (!parsed.success) throw new AppError("infrastructure", `The tools' settings in ${path} are wrong: ${issuesText(parsed.error)}`);
  return parsed.data;
}

export function termsOf({ tools }: ToolSettings, domain: string, tool: string): ToolTerms {
  return tools[domain]?.[tool] ?? USUAL_TERMS;
}

/** Why an agent version may not call a tool; null if it may. A call without an agent version is always allowed. */
export function whyNotAllowed({ agentVersions }: ToolTerms, tool: string, agentVersion: string | undefined): string | null {
  if (agentVersions === undefined || agentVersion === undefined || agentVersions.some((allowed) => isOfVersion(agentVersion, allowed)))
    return null;
  return `${tool} is not allowed for version ${agentVersion} of the agent.`;
}
