import { callOutside, type OutsideCall, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, type BackOff } from "@signalbox/model";
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { requireDomain } from "../../../domains/domains.ts";
import { openBulkheads } from "../bulkheads.ts";
import type { OutsideTools } from "../outsideTools.ts";
import type { ToolSettings } from "../toolSettings.ts";
import { errorAnswer, unavailable } from "./failureOutcome.ts";
import { BACK_OFF, type McpConnection, openMcpConnection } from "./mcpConnection.ts";

/** `weather.forecast` → the server `weather` and its tool `forecast`, whose name may contain dots itself. */
function splitName(tool: string): [server: string, tool: string] {
  const dot = tool.indexOf(".");
  return [tool.slice(0, Math.max(dot, 0)), tool.slice(dot + 1)];
}

/**
 * The tools of MCP servers, named `server.tool`. A domain may call only those that the settings name for it. Opening starts to connect
 * without waiting: a server that is away must not keep the rest from being served. Each running call holds a connection of `prisma`, so at
 * most `callsMax` run, of all tools together. Throws for an unknown domain.
 */
export function openMcpTools(
  prisma: PrismaClient,
  { mcpServers }: Pick<ToolSettings, "mcpServers">,
  { log, metrics, callsMax, backOff = BACK_OFF }: { log: Logger; metrics: Registry; callsMax: number; backOff?: BackOff },
): OutsideTools {
  for (const { tools } of Object.values(mcpServers)) for (const domain of Object.keys(tools)) requireDomain(domain);
  const connections = new Map<string, McpConnection>(
    Object.entries(mcpServers).map(([name, server]) => [name, openMcpConnection(name, server, log, backOff)]),
  );
  const bulkheads = openBulkheads();
  // A model makes up names: `constructor.x` must not find a property that every object inherits.
  const isAllowed = (domain: string, server: string, tool: string): boolean =>
    (connections.has(server) && mcpServers[server]?.tools[domain]?.includes(tool)) ?? false;
  new Gauge({
    name: "signalbox_mcp_server_connected",
    help: "Whether an MCP server is connected (1) or away (0).",
    labelNames: ["server"],
    registers: [metrics],
    collect() {
      for (const [server, connection] of connections) this.set({ server }, connection.isConnected() ? 1 : 0);
    },
  });

  return {
    async list(domain) {
      await Promise.all([...connections.values()].map(({ tried }) => tried));
      return [...connections].flatMap(([server, connection]) =>
        [...connection.tools()].flatMap(([tool, { definition }]) => (isAllowed(domain, server, tool) ? [definition] : [])),
      );
    },
    has: (domain, tool) => isAllowed(domain, ...splitName(tool)),
    async call(request, { timeoutMs, refusal }) {
      const [server, name] = splitName(request.call.name);
      const connection = connections.get(server);
      if (connection === undefined) throw new TypeError(`there is no MCP server ${server}`);
      if (request.agentVersion === undefined)
        throw new AppError("forbidden", `${request.call.name} works outside our stores: only an agent may call it.`);

      await connection.tried;
      const isThere = connection.tools().has(name) || (await connection.isThere());
      const tool = connection.tools().get(name);
      const outside: OutsideCall = {
        // While the server is away it is unknown whether its tool may be repeated: nothing is sent, and nothing decided.
        isRepeatable: tool?.isRepeatable ?? !isThere,
        msMax: timeoutMs,
        send: async () => {
          if (refusal !== null) return errorAnswer(refusal);
          if (!isThere) return { kind: "not_sent", why: unavailable(`The MCP server ${server} is not there.`) };
          if (tool === undefined) return errorAnswer(`the MCP server ${server} has no tool ${name}`);
          return connection.call(tool, { name, arguments: request.call.arguments }, timeoutMs);
        },
      };
      // A call waits for its turn before it is recorded, so that a waiting call holds no connection and has begun nothing.
      return bulkheads.run("MCP servers", callsMax, () => callOutside(prisma, request, outside));
    },
    close: async () => {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
