import type { ToolRequest } from "@signalbox/model";

/** A tool call that a plan wants made, and why. */
export type PlannedCall = { call: ToolRequest; reason: string };

/** How a plan ends: with the last thing that the customer hears. */
export type Farewell = { content: string; reason: string };

/**
 * A plan asks for tools one by one, is given their outputs, and ends with a farewell. It must be deterministic: to find its next move it is
 * played again from the start with the outputs that are known.
 */
export type Plan = Generator<PlannedCall, Farewell, string>;

/** What a plan may use: what was found in the message, by name. */
export type Slots = Readonly<Record<string, string>>;

/** Asks for a tool. */
export function call(name: string, parameters: Record<string, unknown>, reason: string): PlannedCall {
  return { call: { name, arguments: parameters }, reason };
}

/** Says the last word. */
export function farewell(content: string, reason: string): Farewell {
  return { content, reason };
}

/** Hands over to a person; the tool ends the conversation, so nothing is said after it. */
export function* handOver(summary: string, reason: string): Plan {
  yield call("transfer_to_human_agents", { summary }, reason);
  return farewell("You are being connected to a colleague.", reason);
}
