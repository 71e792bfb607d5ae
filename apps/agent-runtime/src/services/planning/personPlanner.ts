import { AppError, type Move, type PlanningRequest, type ToolDefinition } from "@signalbox/model";

/** How much of the customer's message goes into the summary for a person, in characters; the task holds the whole conversation. */
const SUMMARY_CHARACTERS_MAX = 500;

function takesSummary({ parameters }: ToolDefinition): boolean {
  const { properties, required = [] } = parameters;
  const isKnown = typeof properties === "object" && properties !== null && "summary" in properties;
  return isKnown && Array.isArray(required) && required.every((name) => name === "summary");
}

/**
 * Hands a task over to a person by calling the domain's tool that ends a conversation and takes a summary. A domain without such a tool
 * cannot do that.
 */
export function handOver({ domain, message, tools }: Pick<PlanningRequest, "domain" | "message" | "tools">): Move {
  const tool = tools.find((definition) => definition.endsEpisode && takesSummary(definition));
  if (tool === undefined) throw new AppError("invalid_input", `The domain ${domain} has no tool that hands over to a person.`);
  const call = { name: tool.name, arguments: { summary: message.slice(0, SUMMARY_CHARACTERS_MAX) } };
  return { kind: "tool", callId: "call_1", call, said: null, reason: "A person takes the task from here." };
}
