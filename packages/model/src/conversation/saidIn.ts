import { z } from "zod";
import type { ToolRequest } from "../tasks/task.ts";
import type { MessagePart } from "../telemetry/message.ts";
import type { ConversationEntry } from "./conversation.ts";

const Arguments = z.record(z.string(), z.unknown());

/** The text parts of a message, joined. */
function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.content] : [])).join("\n");
}

function callOf(name: string, given: unknown): ToolRequest {
  try {
    return { name, arguments: Arguments.parse(typeof given === "string" ? JSON.parse(given) : given) };
  } catch {
    return { name, arguments: given === null || given === "" ? {} : { value: given } };
  }
}

/** Every tool call, once, in the order of the requests. */
function callsOf(entries: readonly ConversationEntry[]): ToolRequest[] {
  return entries.flatMap((entry): ToolRequest[] => {
    if (entry.kind === "tool") return entry.request === null ? [] : [callOf(entry.name, entry.request)];
    return entry.parts.flatMap((part) => (part.type === "tool_call" ? [callOf(part.name, part.arguments)] : []));
  });
}

/**
 * A trace in brief: the user's first message, the last answer (each null
 * where there is none), and every tool call in the order of the requests.
 */
export interface Conversed {
  readonly input: string | null;
  readonly output: string | null;
  readonly calls: readonly ToolRequest[];
}

/** Extracts the question, the answer and the tool calls from a conversation. */
export function saidIn(entries: readonly ConversationEntry[]): Conversed {
  const said = entries.flatMap((entry) => (entry.kind === "message" ? [{ role: entry.role, text: textOf(entry.parts) }] : []));
  return {
    input: said.find(({ role, text }) => role === "user" && text !== "")?.text ?? null,
    output: said.findLast(({ role, text }) => role === "assistant" && text !== "")?.text ?? null,
    calls: callsOf(entries),
  };
}
