import { findTaskRequest } from "@signalbox/db/prisma";
import { AppError, DatasetItemContent, datasetItemOfTask, type MessagePart, type ToolRequest } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { type ConversationEntry, conversationOf } from "../traces/conversation.ts";

/** So many spans of a trace are read for what was said in it. */
const TALKING_SPANS_MAX = 2_000;

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
 * A trace as an item, for a person to correct: a task of the reference agent with what was expected of it; of any other trace what its user said first, what was answered last and which tools
 * were called. Throws `not_found` where the trace says neither.
 */
export async function itemOfTrace({ state, traces, decisions }: Context, project: string, traceId: string): Promise<DatasetItemContent> {
  const [decision] = await decisions.byTrace(project, traceId, 1);
  const request = decision === undefined ? null : await findTaskRequest(state, project, decision.taskId);
  if (decision !== undefined && request !== null) return datasetItemOfTask(request, { traceId, taskId: decision.taskId });
  const { spans } = await traces.talkingSpans(project, traceId, TALKING_SPANS_MAX);
  const entries = conversationOf(spans);
  const said = entries.flatMap((entry) => (entry.kind === "message" ? [{ role: entry.role, text: textOf(entry.parts) }] : []));
  const input = said.find(({ role, text }) => role === "user" && text !== "")?.text;
  if (input === undefined)
    throw new AppError("not_found", "No span of this trace has what a user said.", {
      hint: "Write down yourself what is asked and what is right.",
    });
  const output = said.findLast(({ role, text }) => role === "assistant" && text !== "")?.text;
  const calls = callsOf(entries);
  return DatasetItemContent.parse({
    input,
    expectedOutput: output ?? null,
    expectedToolCalls: calls.length === 0 ? null : calls,
    source: { traceId, taskId: null },
  });
}
