import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ListToolsResultSchema, type Tool } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import type { ToolDefinition, ToolRequest } from "@signalbox/model";

/**
 * A tool of an MCP server. `complaint` returns what is wrong with arguments, or null. `isRepeatable` means that a repeated call has no
 * further effect.
 */
export type McpTool = {
  readonly definition: ToolDefinition;
  readonly isRepeatable: boolean;
  complaint(given: ToolRequest["arguments"]): string | null;
};

/** The longest description of a tool, in characters: models pay for every word. */
const DESCRIPTION_CHARACTERS_MAX = 2_000;

/** The most pages of a tool list that are read, since a server might never end it. */
const PAGES_MAX = 20;

/** A check of arguments by the schema. If the schema cannot be compiled, the server has to check them itself. */
function complaintBy(schema: Tool["inputSchema"]): McpTool["complaint"] {
  try {
    const validate = new AjvJsonSchemaValidator().getValidator(schema as Parameters<AjvJsonSchemaValidator["getValidator"]>[0]);
    return (given) => {
      const result = validate(given);
      return result.valid ? null : result.errorMessage;
    };
  } catch {
    return () => null;
  }
}

function mcpToolOf(server: string, { name, title, description, inputSchema, annotations }: Tool): McpTool {
  return {
    definition: {
      name: `${server}.${name}`,
      description: (description || title || name).slice(0, DESCRIPTION_CHARACTERS_MAX).toWellFormed(),
      parameters: inputSchema,
      endsEpisode: false,
    },
    isRepeatable: annotations?.idempotentHint === true || annotations?.readOnlyHint === true,
    complaint: complaintBy(inputSchema),
  };
}

/** The tools that a server lists now, by its own names. */
export async function listMcpTools(server: string, client: Client, timeoutMs: number): Promise<Map<string, McpTool>> {
  const tools = new Map<string, McpTool>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    // Not `listTools`: a single output schema that it cannot compile would shut the whole server out.
    const listed = await client.request({ method: "tools/list", params }, ListToolsResultSchema, { timeout: timeoutMs });
    for (const tool of listed.tools) tools.set(tool.name, mcpToolOf(server, tool));
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
