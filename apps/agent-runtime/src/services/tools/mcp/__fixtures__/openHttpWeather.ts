import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { aWeatherService } from "./aWeatherService.ts";

/** The weather server over HTTP, with a session per client. `headers` are those of the latest request. */
export async function openHttpWeather(orders: string, port = 0) {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const seen: { authorization?: string | undefined } = {};
  let refusal: number | null = null;
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await aWeatherService(orders).connect(transport as Transport);
    return transport;
  };
  const server = createServer(async (request, response) => {
    seen.authorization = request.headers.authorization;
    const status = refusal;
    refusal = null;
    if (status !== null) return response.writeHead(status).end();
    const id = request.headers["mcp-session-id"];
    if (typeof id === "string" && !sessions.has(id)) return response.writeHead(404).end();
    const transport = typeof id === "string" ? sessions.get(id) : await open();
    return transport?.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/mcp`,
    port: own,
    seen,
    sessionsOpened: () => sessions.size,
    /** Answers the next request with this status. */
    refuseNext(status: number) {
      refusal = status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
