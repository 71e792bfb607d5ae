import { createInterface } from "node:readline";
import { z } from "zod";

/**
 * An MCP server with one tool, which never answers. Its argument is the tool's name.
 * The tool may be repeated, so that its task reaches it whenever the task is tried.
 */
const [tool = ""] = process.argv.slice(2);

const Request = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z.object({ protocolVersion: z.string().optional() }).optional(),
});

function answerTo({ method, params }: z.infer<typeof Request>): object {
  if (method === "initialize") {
    const serverInfo = { name: "poison", version: "1.0.0" };
    return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
  }
  if (method === "tools/list") {
    const [inputSchema, annotations] = [{ type: "object" }, { idempotentHint: true }];
    return { tools: [{ name: tool, description: "Never answers.", inputSchema, annotations }] };
  }
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = Request.parse(JSON.parse(line));
  if (request.method !== "tools/call" && request.id !== undefined)
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: request.id, result: answerTo(request) })}\n`);
}
