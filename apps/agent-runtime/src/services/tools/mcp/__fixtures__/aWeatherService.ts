import { appendFileSync } from "node:fs";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

const text = (said: string) => ({ content: [{ type: "text" as const, text: said }] });

/** A weather MCP server. Each ordered umbrella appends a line to the file `orders`. */
export function aWeatherService(orders: string): McpServer {
  const server = new McpServer({ name: "weather", version: "1.0.0" });
  const city = { city: z.string().min(2) };
  server.registerTool(
    "forecast",
    { description: "Tells the weather of a city.", inputSchema: city, annotations: { readOnlyHint: true } },
    ({ city }) => text(`Sun over ${city}.`),
  );
  server.registerTool("order.umbrella", { description: "Orders an umbrella.", inputSchema: city }, ({ city }) => {
    appendFileSync(orders, `${city}\n`);
    return text(`An umbrella is on its way to ${city}.`);
  });
  server.registerTool("order_and_die", { description: "Orders an umbrella, and dies.", inputSchema: city }, ({ city }) => {
    appendFileSync(orders, `${city}\n`);
    process.exit(1);
  });
  server.registerTool("look_and_die", { inputSchema: city, annotations: { idempotentHint: true } }, ({ city }) => {
    appendFileSync(orders, `${city}\n`);
    process.exit(1);
  });
  server.registerTool("hang", { inputSchema: city }, async ({ city }) => {
    appendFileSync(orders, `${city}\n`);
    return new Promise(() => {});
  });
  server.registerTool("refuse", { inputSchema: {} }, () => ({ ...text("No storm is on sale."), isError: true }));
  server.registerTool("archive", { inputSchema: {} }, () => text("rain ".repeat(20_000)));
  return server;
}
