import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ListToolsResultSchema, type Tool } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import type { ToolDefinition, ToolRequest } from "@signalbox/model";

/**
 * A tool of an MCP server. `complaint` says what is wrong with arguments, null
 * when nothing is. With `isRepeatable` doing it twice is as doing it once.
 */
export type McpTool = {
  readonly definition: ToolDefinition;
  readonly isRepeatable: boolean;
  complaint(given: ToolRequest["arguments"]): string | null;
};

/** How much of what a server says of a tool is told: models pay for every word. */
const DESCRIPTION_CHARACTERS_MAX = 2_000;

/** Lists come in pages; a server that never ends is cut off after so many. */
const PAGES_MAX = 20;

/** A server whose schema nobody can read checks arguments itself. */
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

/** The tools that a server has now, by their names there. */
export async function listMcpTools(server: string, client: Client, timeoutMs: number): Promise<Map<string, McpTool>> {
  const tools = new Map<string, McpTool>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    // Not `listTools`: one output schema that it cannot compile would keep the whole server out.
    const listed = await client.request({ method: "tools/list", params }, ListToolsResultSchema, { timeout: timeoutMs });
    for (const tool of listed.tools) tools.set(tool.name, mcpToolOf(server, tool));
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
