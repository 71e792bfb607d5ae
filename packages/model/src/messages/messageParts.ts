import type { MessagePart } from "../message.ts";

/** An object of an attribute, before any of its members is trusted. */
export type Struct = Readonly<Record<string, unknown>>;

export function isStruct(value: unknown): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `struct` has no member but `keys` and members without a value. */
export function hasOnly(struct: Struct, ...keys: readonly string[]): boolean {
  return Object.entries(struct).every(([key, value]) => value === null || keys.includes(key));
}

/** A part that a sender wrote. What is not exactly of a kind that we know is kept whole as `other`. */
export function readPart(value: unknown): MessagePart {
  if (typeof value === "string") return { type: "text", content: value };
  return (isStruct(value) && typeof value.type === "string" ? PART_READERS.get(value.type)?.(value) : null) ?? { type: "other", value };
}

/** A call in the form of a chat provider: {id, type: function, function: {name, arguments}}. */
export function readProviderToolCall(value: unknown): MessagePart {
  const call = isStruct(value) && hasOnly(value, "id", "type", "function") && isStruct(value.function) ? value.function : null;
  if (!isStruct(value) || call === null || typeof call.name !== "string" || !hasOnly(call, "name", "arguments"))
    return { type: "other", value };
  return { type: "tool_call", id: idOf(value), name: call.name, arguments: call.arguments ?? null };
}

/** Each gives null where a member is missing or one more is there than the part can hold. */
const PART_READERS: ReadonlyMap<string, (part: Struct) => MessagePart | null> = new Map([
  ["text", (part: Struct) => contentPart("text", part)],
  ["reasoning", (part: Struct) => contentPart("reasoning", part)],
  ["tool_call", toolCallPart],
  ["tool_call_response", toolCallResponsePart],
  ["other", (part: Struct) => ("value" in part && hasOnly(part, "type", "value") ? { type: "other", value: part.value } : null)],
]);

function toolCallPart(part: Struct): MessagePart | null {
  if (typeof part.name !== "string" || !hasOnly(part, "type", "id", "name", "arguments")) return null;
  return { type: "tool_call", id: idOf(part), name: part.name, arguments: part.arguments ?? null };
}

function toolCallResponsePart(part: Struct): MessagePart | null {
  const member = part.response === undefined ? "result" : "response";
  if (part[member] === undefined || !hasOnly(part, "type", "id", member)) return null;
  return { type: "tool_call_response", id: idOf(part), response: part[member] };
}

function contentPart(type: "text" | "reasoning", part: Struct): MessagePart | null {
  const content = part.content ?? part.text;
  return typeof content === "string" && hasOnly(part, "type", part.content === undefined ? "text" : "content") ? { type, content } : null;
}

function idOf(struct: Struct): string | null {
  return typeof struct.id === "string" ? struct.id : null;
}
