import type { ToolCallAnswer, ToolCallRequest, ToolDefinition } from "@signalbox/model";
import type { CallTerms } from "../../domains/domain.ts";

/** Tools that work outside our stores: those of MCP servers. */
export interface OutsideTools {
  /** The tools that a domain may use and whose servers have listed them. */
  list(domain: string): Promise<readonly ToolDefinition[]>;
  /** Whether a name is one of these tools for a domain, whether or not its server is there now. */
  has(domain: string, tool: string): boolean;
  /** Executes a call at most once per idempotency key, unless its tool is repeatable. */
  call(request: ToolCallRequest, terms: CallTerms): Promise<ToolCallAnswer>;
  close(): Promise<void>;
}

/** No outside tools. */
export const NO_OUTSIDE_TOOLS: OutsideTools = {
  list: async () => [],
  has: () => false,
  call: () => Promise.reject(new TypeError("there are no tools outside")),
  close: async () => {},
};
