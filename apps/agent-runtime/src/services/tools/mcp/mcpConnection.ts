import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { OutsideOutcome } from "@signalbox/db/prisma";
import { type BackOff, backOffMs, type ToolRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../../../domains/withinMs.ts";
import { VERSION } from "../../../identity.ts";
import type { McpServer } from "../toolSettings.ts";
import { errorAnswer, failureOutcome, loggable, unavailable } from "./failureOutcome.ts";
import { listMcpTools, type McpTool } from "./mcpTool.ts";
import { resultText } from "./resultText.ts";

/** Time limit for a server's greeting and for the list of its tools, in milliseconds. */
const GREETING_MS_MAX = 10_000;

/** How long a call waits for a server that is away, in milliseconds. */
const AWAY_MS_MAX = 2_000;

/** The pauses before reconnecting. */
export const BACK_OFF: BackOff = { firstMs: 250, msMax: 30_000 };

/**
 * A connection to one MCP server that is kept open: a server that dies is restarted or reconnected, with growing pauses while that fails.
 */
export interface McpConnection {
  /** The tools that the server listed last, by its own names; empty until its first connection. */
  tools(): ReadonlyMap<string, McpTool>;
  isConnected(): boolean;
  /** Resolves once the first attempt to connect has succeeded or failed. */
  readonly tried: Promise<void>;
  /** Sends a call and returns its outcome. */
  call(tool: McpTool, request: ToolRequest, timeoutMs: number): Promise<OutsideOutcome>;
  /** Waits for the server to be connected, for `AWAY_MS_MAX` milliseconds at most. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A transport to a server. A program gets a small part of our environment and what the settings add; its standard error goes into our log.
 */
function transportTo(server: McpServer): Transport {
  if ("url" in server)
    return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: server.headers } }) as Transport;
  const { command, args, env } = server;
  return new StdioClientTransport({ command, args, env: { ...getDefaultEnvironment(), ...env }, stderr: "inherit" });
}

/** Opens a connection to a server and keeps it open. */
export function openMcpConnection(name: string, server: McpServer, log: Logger, backOff: BackOff = BACK_OFF): McpConnection {
  const closing = new AbortController();
  const { signal } = closing;
  const closed = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  let tools: ReadonlyMap<string, McpTool> = new Map();
  let client: Client | null = null;
  let arrival = Promise.withResolvers<void>();
  let loss = Promise.withResolvers<void>();
  let failures = 0;
  const tried = Promise.withResolvers<void>();

  async function connect(): Promise<void> {
    const own = Promise.withResolvers<void>();
    const refresh = async (): Promise<void> => {
      tools = await listMcpTools(name, next, GREETING_MS_MAX);
    };
    const onChanged = (): void =>
      void refresh().catch((error: unknown) => log.warn({ server: name, err: loggable(error) }, "its tools cannot be listed"));
    const next = new Client({ name: "signalbox", version: VERSION }, { listChanged: { tools: { autoRefresh: false, onChanged } } });
    next.onclose = own.resolve;
    try {
      await next.connect(transportTo(server), { timeout: GREETING_MS_MAX, signal });
      await refresh();
    } catch (error) {
      await next.close();
      throw error;
    }
    loss = own;
    client = next;
    arrival.resolve();
  }

  async function keepConnected(): Promise<void> {
    while (!signal.aborted) {
      try {
        await connect();
        tried.resolve();
        log.info({ server: name, tools: tools.size }, "an MCP server is connected");
        const lasting = setTimeout(() => {
          failures = 0;
        }, backOff.msMax);
        await Promise.race([loss.promise, closed]);
        clearTimeout(lasting);
        if (!signal.aborted) log.warn({ server: name }, "an MCP server is gone");
      } catch (error) {
        log.warn({ server: name, err: loggable(error) }, "an MCP server cannot be connected");
      }
      tried.resolve();
      const lost = client;
      client = null;
      arrival = Promise.withResolvers();
      await lost?.close();
      failures += 1;
      await delay(backOffMs(backOff, failures), undefined, { signal }).catch(() => undefined);
    }
  }

  const ended = keepConnected();
  return {
    tools: () => tools,
    isConnected: () => client !== null,
    tried: tried.promise,
    async isThere() {
      return client !== null || (await withinMs(AWAY_MS_MAX, arrival.promise)) !== "too late";
    },
    async call(tool, request, timeoutMs) {
      const { name: toolName } = tool.definition;
      if (client === null) await withinMs(AWAY_MS_MAX, arrival.promise);
      const connected = client;
      if (connected === null) return { kind: "not_sent", why: unavailable(`The MCP server ${name} is not there.`) };
      const complaint = tool.complaint(request.arguments);
      if (complaint !== null) return errorAnswer(`${toolName}: ${complaint}`);
      try {
        // Not `callTool`: it throws if a result does not fit the tool's output schema, as if the call had not been made.
        const result = await connected.request({ method: "tools/call", params: request }, CallToolResultSchema, { timeout: timeoutMs });
        failures = 0;
        return { kind: "answered", answer: { output: resultText(result), isError: result.isError ?? false, endsEpisode: false } };
      } catch (error) {
        const { isRepeatable } = tool;
        const { outcome, isConnected } = failureOutcome(error, { tool: toolName, server: name, timeoutMs, isRepeatable });
        if (!isConnected && client === connected) loss.resolve();
        return outcome;
      }
    },
    async close() {
      closing.abort();
      await ended;
    },
  };
}
