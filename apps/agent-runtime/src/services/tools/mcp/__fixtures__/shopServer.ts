import { appendFileSync } from "node:fs";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

// A server that breaks its promises: one result does not fit its output schema, another output schema cannot be compiled, and one error is
// very long.
const inputSchema = { type: "object" as const };

const orders = process.argv[2] ?? "";
const server = new Server({ name: "shop", version: "1.0.0" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [
    { name: "buy", inputSchema, outputSchema: { type: "object" as const, required: ["price"] } },
    { name: "odd", inputSchema, outputSchema: { type: "object" as const, properties: { a: { $ref: "#/nowhere" } } } },
    { name: "fail", inputSchema },
  ],
}));
server.setRequestHandler(CallToolRequestSchema, ({ params: { name } }) => {
  if (name === "fail") throw new Error("hail ".repeat(20_000));
  appendFileSync(orders, `${name}\n`);
  return { content: [{ type: "text", text: "Bought." }] };
});
await server.connect(new StdioServerTransport());
