import type { AttributeValue } from "../otlp.ts";
import { hasOnly, isNothing, isStruct, type Struct } from "./struct.ts";

/** A message as the GenAI conventions write it. `isWhole` tells that it holds everything the sender wrote. */
export interface ReadMessage {
  message: { role: string; name?: string; parts: AttributeValue[]; finish_reason?: string };
  isWhole: boolean;
}

/** LangChain's message classes and the short names of their types, and whose words they hold. */
const ROLES: ReadonlyMap<string, string> = new Map(
  Object.entries({ human: "user", ai: "assistant", system: "system", tool: "tool", function: "tool", developer: "developer" }).flatMap(
    ([type, role]) => {
      const className = type === "ai" ? "AI" : `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      return [type, `${className}Message`, `${className}MessageChunk`].map((name): [string, string] => [name, role]);
    },
  ),
);

/**
 * Reads one message: that of a chat provider ({role, content, tool_calls}), LangChain's serialised form ({lc, id, kwargs}) and its plain one
 * ({type, content} or {type, data}), or one that has parts already. Null for what is no message.
 */
export function messageOf(value: AttributeValue | undefined): ReadMessage | null {
  if (!isStruct(value)) return null;
  if (typeof value.role === "string" && Array.isArray(value.parts))
    return { message: { role: value.role, parts: value.parts }, isWhole: hasOnly(value, ["role", "parts"]) };

  const className = value.lc !== undefined && Array.isArray(value.id) ? value.id.at(-1) : value.type;
  const members = [value.kwargs, value.data].find(isStruct) ?? value;
  const role = typeof members.role === "string" ? members.role : typeof className === "string" ? ROLES.get(className) : undefined;
  if (role === undefined || (members.content === undefined && members.tool_calls === undefined)) return null;
  return readMembers(members, role);
}

function readMembers(members: Struct, role: string): ReadMessage {
  const { content, name, tool_call_id: callId, additional_kwargs: additional = {}, response_metadata: metadata = {} } = members;
  const calls = [members.tool_calls, isStruct(additional) ? additional.tool_calls : null].find((some) => !isNothing(some));
  const finishReason = isStruct(metadata) ? (metadata.finish_reason ?? metadata.stop_reason) : null;
  const said = (Array.isArray(content) ? content : [content ?? ""]).filter((part) => part !== "").map(partOf);
  const parts = typeof callId === "string" ? [{ type: "tool_call_response", id: callId, response: content ?? null }] : said;
  return {
    message: {
      role,
      ...(typeof name === "string" ? { name } : {}),
      parts: [...parts, ...(Array.isArray(calls) ? calls.map(toolCallOf) : [])],
      ...(typeof finishReason === "string" ? { finish_reason: finishReason } : {}),
    },
    isWhole: hasOnly(members, ["role", "type", "id", "content", "name", "tool_calls", "tool_call_id"]),
  };
}

/** A part of a message's content, in the words of OpenAI and Anthropic. A kind that we do not know stays as it is. */
function partOf(part: AttributeValue): AttributeValue {
  if (!isStruct(part)) return part;
  switch (part.type) {
    case "text":
    case "input_text":
    case "output_text":
      return hasOnly(part, ["type", "text"]) ? { type: "text", content: part.text ?? "" } : part;
    case "thinking":
      return hasOnly(part, ["type", "thinking"]) ? { type: "reasoning", content: part.thinking ?? "" } : part;
    case "tool_use":
      return hasOnly(part, ["type", "id", "name", "input"]) ? { ...named(part), arguments: part.input ?? null } : part;
    case "tool_result":
      return hasOnly(part, ["type", "tool_use_id", "content"])
        ? { type: "tool_call_response", id: part.tool_use_id ?? null, response: part.content ?? null }
        : part;
    default:
      return part;
  }
}

/** A tool call of OpenAI ({id, function: {name, arguments}}) or of LangChain ({id, name, args}). */
function toolCallOf(call: AttributeValue): AttributeValue {
  if (!isStruct(call)) return call;
  if (isStruct(call.function) && hasOnly(call, ["id", "type", "function", "index"]) && hasOnly(call.function, ["name", "arguments"]))
    return { ...named({ ...call.function, id: call.id ?? null }), arguments: call.function.arguments ?? null };
  return hasOnly(call, ["id", "type", "name", "args"]) ? { ...named(call), arguments: call.args ?? null } : call;
}

function named({ id = null, name = "" }: Struct): Struct {
  return { type: "tool_call", id, name };
}
