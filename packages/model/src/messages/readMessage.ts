import type { Message, MessagePart } from "../telemetry/message.ts";
import { isStruct, readPart, readParts, readProviderToolCall, type Struct } from "./messageParts.ts";

/** Other vocabularies' names for the GenAI conventions' roles: LangChain's types and classes, and Gemini's `model`. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["human", "user"],
  ["HumanMessage", "user"],
  ["HumanMessageChunk", "user"],
  ["ai", "assistant"],
  ["AIMessage", "assistant"],
  ["AIMessageChunk", "assistant"],
  ["SystemMessage", "system"],
  ["ToolMessage", "tool"],
  ["ToolMessageChunk", "tool"],
  ["FunctionMessage", "tool"],
  ["model", "assistant"],
]);

/** LangChain's message types, which stand where others give a role. */
const LANGCHAIN_TYPES: ReadonlySet<unknown> = new Set(["human", "ai", "system", "tool", "function", "AIMessageChunk", "HumanMessageChunk"]);

/** Reads `value` as a message, or null where it is none. A message without a role gets `role`. */
export function readMessage(value: unknown, role: string): Message | null {
  const found = isStruct(value) ? membersOf(value) : null;
  if (found === null) return null;
  const { name, finish_reason: finishReason = found.finishReason ?? found.stop_reason } = found;
  const said = typeof found.role === "string" ? found.role : role;
  return {
    role: ROLES.get(said) ?? said,
    ...(typeof name === "string" ? { name } : {}),
    parts: partsOf(found),
    ...(typeof finishReason === "string" ? { finishReason } : {}),
  };
}

/** A message's members including its role, whatever the sender calls it and wraps it in. */
function membersOf(value: Struct): Struct | null {
  if (typeof value.role === "string" || Array.isArray(value.parts)) return value;
  if (isStruct(value.kwargs) && Array.isArray(value.id)) return { ...value.kwargs, role: String(value.id.at(-1)) };
  if (!LANGCHAIN_TYPES.has(value.type)) return null;
  if (isStruct(value.data) && value.data.content !== undefined) return { ...value.data, role: value.type };
  return value.content === undefined ? null : { ...value, role: value.type };
}

function partsOf(message: Struct): MessagePart[] {
  const { parts, content, tool_call_id: callId, tool_calls: calls, reasoning_content: thought } = message;
  if (Array.isArray(parts)) return parts.map(readPart);
  if (typeof callId === "string") return [{ type: "tool_call_response", id: callId, response: content ?? null }];
  const said = readParts(content);
  const isCalledInContent = said.some(({ type }) => type === "tool_call");
  return [
    ...(typeof thought === "string" && thought !== "" ? [{ type: "reasoning" as const, content: thought }] : []),
    ...said,
    ...(Array.isArray(calls) && !isCalledInContent ? calls.map(readProviderToolCall) : []),
  ];
}
