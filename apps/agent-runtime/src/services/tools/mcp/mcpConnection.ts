import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { OutsideOutcome } from "@signalbox/db/prisma";
import type { ToolRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../../../domains/withinMs.ts";
import { VERSION } from "../../../identity.ts";
import type { McpServer } from "../toolSettings.ts";
import { errorAnswer, failureOutcome, loggable, unavailable } from "./failureOutcome.ts";
import { listMcpTools, type McpTool } from "./mcpTool.ts";
import { resultText } from "./resultText.ts";

/** How long a server may take to greet us and to list its tools. */
const GREETING_MS_MAX = 10_000;

/** How long a call waits for a server that is away. */
const AWAY_MS_MAX = 2_000;

/** How long we wait before we connect again: the first time, and at most; each failure doubles it. */
export type BackOff = { firstMs: number; mostMs: number };
export const BACK_OFF: BackOff = { firstMs: 250, mostMs: 30_000 };

/** One MCP server, kept connected: when it dies it is started or asked again, after longer and longer pauses while that fails. */
export interface McpConnection {
  /** The tools that the server told of last, by their names there; none before it was there for the first time. */
  tools(): ReadonlyMap<string, McpTool>;
  isConnected(): boolean;
  /** Fulfilled once the first attempt to connect is over, well or badly. */
  readonly tried: Promise<void>;
  /** Sends a call, and tells what became of it. */
  call(tool: McpTool, request: ToolRequest, timeoutMs: number): Promise<OutsideOutcome>;
  /** Waits for the server to be there, `AWAY_MS_MAX` at most. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

/** A way to a server. A program gets a small environment of ours, and what the settings give it; its errors are lines in our own log. */
function transportTo(server: McpServer): Transport {
  if ("url" in server)
    return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: server.headers } }) as Transport;
  const { command, args, env } = server;
  return new StdioClientTransport({ command, args, env: { ...getDefaultEnvironment(), ...env }, stderr: "inherit" });
}

/** Keeps a server connected from now on. */
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
        }, backOff.mostMs);
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
      const pauseMs = Math.min(backOff.firstMs * 2 ** failures, backOff.mostMs);
      failures += 1;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
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
        // Not `callTool`: it throws for a result that does not fit the tool's output schema, as if the call had not been done.
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
