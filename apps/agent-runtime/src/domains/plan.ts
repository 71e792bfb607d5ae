import type { ToolRequest } from "@signalbox/model";

/** A tool call that a plan asks for, and its reason. */
export type PlannedCall = { call: ToolRequest; reason: string };

/** The end of a plan: the last message to the customer. */
export type Farewell = { content: string; reason: string };

/**
 * A plan asks for tool calls one by one, receives their outputs, and ends with a farewell. It must be deterministic: to find its next move
 * it is replayed from the start with the known outputs.
 */
export type Plan = Generator<PlannedCall, Farewell, string>;

/** The slots found in the message, by name. */
export type Slots = Readonly<Record<string, string>>;

/** Asks for a tool call. */
export function call(name: string, parameters: Record<string, unknown>, reason: string): PlannedCall {
  return { call: { name, arguments: parameters }, reason };
}

/** Ends a plan with a last message. */
export function farewell(content: string, reason: string): Farewell {
  return { content, reason };
}

/** Hands over to a person. The tool ends the conversation, so nothing is said after it. */
export function* handOver(summary: string, reason: string): Plan {
  yield call("transfer_to_human_agents", { summary }, reason);
  return farewell("You are being connected to a colleague.", reason);
}
