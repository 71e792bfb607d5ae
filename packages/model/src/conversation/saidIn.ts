import { z } from "zod";
import type { ToolRequest } from "../tasks/task.ts";
import type { MessagePart } from "../telemetry/message.ts";
import type { ConversationEntry } from "./conversation.ts";

const Arguments = z.record(z.string(), z.unknown());

/** The texts among the parts of a message. */
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

/** Every call of a tool, once, in the order that it was asked for. */
function callsOf(entries: readonly ConversationEntry[]): ToolRequest[] {
  return entries.flatMap((entry): ToolRequest[] => {
    if (entry.kind === "tool") return entry.request === null ? [] : [callOf(entry.name, entry.request)];
    return entry.parts.flatMap((part) => (part.type === "tool_call" ? [callOf(part.name, part.arguments)] : []));
  });
}

/**
 * What a trace came to: what its user said first, what was answered last (null where
 * nobody said such a thing), and every call of a tool in the order that it was asked for.
 */
export interface Conversed {
  readonly input: string | null;
  readonly output: string | null;
  readonly calls: readonly ToolRequest[];
}

/** Reads a conversation for what was asked, answered and called. */
export function saidIn(entries: readonly ConversationEntry[]): Conversed {
  const said = entries.flatMap((entry) => (entry.kind === "message" ? [{ role: entry.role, text: textOf(entry.parts) }] : []));
  return {
    input: said.find(({ role, text }) => role === "user" && text !== "")?.text ?? null,
    output: said.findLast(({ role, text }) => role === "assistant" && text !== "")?.text ?? null,
    calls: callsOf(entries),
  };
}
