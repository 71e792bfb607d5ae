import { readFileSync } from "node:fs";
import { AppError, isOfVersion, issuesText } from "@signalbox/model";
import { z } from "zod";

/** Callers of a tool service over HTTP wait as long as its contract says; the tool's own end must come before. */
export const TIMEOUT_MS_MAX = 10_000;

/**
 * On what terms a tool may be called: for how long, by how many at once, and by which versions of the agent (any, unless
 * some are named: a version of the code alone names all that are of it).
 */
const ToolTerms = z.strictObject({
  timeoutMs: z.number().int().positive().max(TIMEOUT_MS_MAX).default(5_000),
  concurrencyMax: z.number().int().positive().max(1_000).optional(),
  agentVersions: z.array(z.string().min(1)).optional(),
});
export type ToolTerms = z.infer<typeof ToolTerms>;

/** Which of a server's tools each domain may use. */
const McpTools = z.record(z.string(), z.array(z.string().min(1)).min(1));

/** An MCP server: a program that we start and speak to over its standard streams, or one that answers at an address. */
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

/** What is set of tools: terms by domain and tool, and MCP servers by name. */
const ToolSettings = z.strictObject({
  tools: z.record(z.string(), z.record(z.string(), ToolTerms)).default({}),
  mcpServers: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: "is no name of lower-case letters, digits and -" }), McpServer)
    .default({}),
});
export type ToolSettings = z.infer<typeof ToolSettings>;

/** Nothing is set: every tool on the usual terms, and no MCP server. */
export const USUAL_SETTINGS: ToolSettings = ToolSettings.parse({});

/** The terms of a tool of which nothing is said. */
export const USUAL_TERMS: ToolTerms = ToolTerms.parse({});

/** `${NAME}` in a text of the file is the environment's variable: no secret needs to be in the file. */
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

/** Reads the file of tools' settings. Throws one sentence that says what is wrong with it. */
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

/** The terms of a tool of a domain. */
export function termsOf({ tools }: ToolSettings, domain: string, tool: string): ToolTerms {
  return tools[domain]?.[tool] ?? USUAL_TERMS;
}

/** Why an agent of a version may not call a tool on such terms; null when it may. A call that is no agent's may. */
export function whyNotAllowed({ agentVersions }: ToolTerms, tool: string, agentVersion: string | undefined): string | null {
  if (agentVersions === undefined || agentVersion === undefined || agentVersions.some((allowed) => isOfVersion(agentVersion, allowed)))
    return null;
  return `${tool} is not allowed for version ${agentVersion} of the agent.`;
}
