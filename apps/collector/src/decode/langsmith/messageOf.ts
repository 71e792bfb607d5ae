import type { AttributeValue } from "../otlp.ts";
import { hasOnly, isNothing, isStruct, type Struct, without } from "./struct.ts";

/** A message in the form of the GenAI conventions, and the rest of the sender's own that does not fit (null if all does). */
export interface ReadMessage {
  message: { role: string; name?: string; parts: AttributeValue[]; finish_reason?: string };
  rest: Struct | null;
}

/** Roles by LangChain's message classes and by the short names of their types. */
const ROLES: ReadonlyMap<string, string> = new Map(
  Object.entries({ human: "user", ai: "assistant", system: "system", tool: "tool", function: "tool", developer: "developer" }).flatMap(
    ([type, role]) => {
      const className = type === "ai" ? "AI" : `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      return [type, `${className}Message`, `${className}MessageChunk`].map((name): [string, string] => [name, role]);
    },
  ),
);

/**
 * Reads one message: a chat provider's ({role, content, tool_calls}), LangChain's serialised form ({lc, id, kwargs}) or its plain one
 * ({type, content} or {type, data}), or one that already has parts. Null for anything else.
 */
export function messageOf(value: AttributeValue | undefined): ReadMessage | null {
  if (!isStruct(value)) return null;
  if (typeof value.role === "string" && Array.isArray(value.parts))
    return { message: { role: value.role, parts: value.parts }, rest: without(value, ["role", "parts"]) };

  const className = value.lc !== undefined && Array.isArray(value.id) ? value.id.at(-1) : value.type;
  const members = [value.kwargs, value.data].find(isStruct) ?? value;
  const role = typeof members.role === "string" ? members.role : typeof className === "string" ? ROLES.get(className) : undefined;
  return role === undefined || (members.content === undefined && members.tool_calls === undefined) ? null : readMembers(members, role);
}

/** A text as a message of `role`. */
export function textMessage(role: string, text: string): ReadMessage {
  return { message: { role, parts: [{ type: "text", content: text }] }, rest: null };
}

function readMembers(members: Struct, role: string): ReadMessage {
  const { content = null, name, tool_call_id: callId, tool_calls: calls } = members;
  const said = (Array.isArray(content) ? content : [content]).filter((part) => !isNothing(part)).map(partOf);
  const parts = typeof callId === "string" ? [{ type: "tool_call_response", id: callId, response: content }] : said;
  return {
    message: {
      role,
      ...(typeof name === "string" ? { name } : {}),
      parts: [...parts, ...(Array.isArray(calls) ? calls.map(toolCallOf) : [])],
    },
    rest: without(members, ["role", "type", "content", "name", "tool_calls", "tool_call_id"]),
  };
}

/** A part of a message's content in OpenAI's or Anthropic's format, converted. A part of an unknown kind is left unchanged. */
function partOf(part: AttributeValue): AttributeValue {
  if (typeof part === "string") return { type: "text", content: part };
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

/** A tool call in OpenAI's format ({id, function: {name, arguments}}) or LangChain's ({id, name, args}), converted. */
function toolCallOf(call: AttributeValue): AttributeValue {
  if (!isStruct(call)) return call;
  if (isStruct(call.function) && hasOnly(call, ["id", "type", "function", "index"]) && hasOnly(call.function, ["name", "arguments"]))
    return { ...named({ ...call.function, id: call.id ?? null }), arguments: call.function.arguments ?? null };
  return hasOnly(call, ["id", "type", "name", "args"]) ? { ...named(call), arguments: call.args ?? null } : call;
}

function named({ id = null, name = "" }: Struct): Struct {
  return { type: "tool_call", id, name };
}
