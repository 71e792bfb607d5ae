import type { Message, MessagePart } from "../message.ts";
import { hasOnly, isStruct, readPart, readProviderToolCall, type Struct } from "./messageParts.ts";

/** Messages in the canonical form. `isWhole` tells that they hold everything the sender wrote, so that the original need not be kept. */
export interface ReadMessages {
  messages: Message[];
  isWhole: boolean;
}

/** Digits that a double may round: JSON that has them is not whole once parsed. */
const LONG_NUMBER = /\d{16}/;

/**
 * The messages of an attribute: a structured value, its JSON text, or plain text. Reads the form of the GenAI conventions ({role,
 * parts}), that of chat providers ({role, content, tool_calls}), and parts without a message, which become one message of `role`.
 */
export function readWholeMessages(value: unknown, role: string): ReadMessages {
  const parsed = typeof value === "string" ? jsonOr(value) : value;
  const items = Array.isArray(parsed) ? parsed : [parsed];
  const isExact = parsed === value || !LONG_NUMBER.test(String(value));
  if (!items.some(isMessage)) return { messages: items.length === 0 ? [] : [{ role, parts: items.map(readPart) }], isWhole: isExact };
  const read = items.map((item) =>
    isMessage(item) ? readMessage(item, role) : { message: { role, parts: [readPart(item)] }, isWhole: true },
  );
  return { messages: read.map(({ message }) => message), isWhole: isExact && read.every(({ isWhole }) => isWhole) };
}

function isMessage(value: unknown): value is Struct {
  return isStruct(value) && (typeof value.role === "string" || Array.isArray(value.parts));
}

function readMessage(from: Struct, role: string): { message: Message; isWhole: boolean } {
  const finishReason = from.finish_reason ?? from.finishReason;
  const message = {
    role: typeof from.role === "string" ? from.role : role,
    ...(typeof from.name === "string" ? { name: from.name } : {}),
    parts: Array.isArray(from.parts) ? from.parts.map(readPart) : providerParts(from),
    ...(typeof finishReason === "string" ? { finishReason } : {}),
  };
  const body = Array.isArray(from.parts) ? ["parts"] : ["content", "tool_calls", "tool_call_id"];
  return { message, isWhole: hasOnly(from, "role", "name", "finish_reason", "finishReason", ...body) };
}

function providerParts(from: Struct): MessagePart[] {
  const { content = null, tool_calls: calls } = from;
  if (typeof from.tool_call_id === "string") return [{ type: "tool_call_response", id: from.tool_call_id, response: content }];
  const said = content === null ? [] : Array.isArray(content) ? content.map(readPart) : [readPart(content)];
  return [...said, ...(Array.isArray(calls) ? calls.map(readProviderToolCall) : [])];
}

/** The messages that `readWholeMessages` reads. */
export function readMessages(value: unknown, role: string): Message[] {
  return readWholeMessages(value, role).messages;
}

/** The list or object whose JSON text this is, or the text itself. */
function jsonOr(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
