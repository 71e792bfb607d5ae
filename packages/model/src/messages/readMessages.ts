import type { Message } from "../telemetry/message.ts";
import { conversationOf } from "./conversationOf.ts";
import { jsonOr } from "./jsonOr.ts";
import { isStruct, readParts } from "./messageParts.ts";
import { readMessage } from "./readMessage.ts";

/** The greatest depth of messages within requests, answers and lists; anything deeper becomes a part. */
const DEPTH_MAX = 8;

/**
 * The messages of a body: its JSON text, the value itself, or plain text. Reads the messages of OpenTelemetry's
 * GenAI conventions, OpenAI, Anthropic, Gemini, LangChain and Vercel's AI SDK, the requests and answers that hold
 * them, and bare parts, which become messages of `role`. Anything unknown becomes a part `other`; it never throws.
 */
export function readMessages(value: unknown, role: string): Message[] {
  return messagesOf(typeof value === "string" ? jsonOr(value) : value, role, DEPTH_MAX);
}

function messagesOf(value: unknown, role: string, depthLeft: number): Message[] {
  if (depthLeft === 0) return lone(value, role);
  const message = readMessage(value, role);
  if (message !== null) return [message];
  const conversation = isStruct(value) ? conversationOf(value, role) : null;
  if (conversation !== null) return conversation.flatMap((said) => messagesOf(said.value, said.role, depthLeft - 1));
  if (!Array.isArray(value)) return lone(value, role);
  const isOfMessages = value.some((item) => holdsMessages(item, role));
  return isOfMessages ? value.flatMap((item) => messagesOf(item, role, depthLeft - 1)) : lone(value, role);
}

/** Whether an item of a list is more than a part. */
function holdsMessages(item: unknown, role: string): boolean {
  return Array.isArray(item) || readMessage(item, role) !== null || (isStruct(item) && conversationOf(item, role) !== null);
}

/** A message around bare parts. A tool's answer comes from the tool, whichever side it was written on. */
function lone(value: unknown, role: string): Message[] {
  const parts = readParts(value);
  if (parts.length === 0) return [];
  const [{ type } = { type: "other" }] = parts;
  return [{ role: type === "tool_call_response" ? "tool" : type === "tool_call" ? "assistant" : role, parts }];
}
