import type { MessagePart } from "../telemetry/message.ts";

/** An object in an attribute, none of whose members is trusted yet. */
export type Struct = Readonly<Record<string, unknown>>;

export function isStruct(value: unknown): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `struct` has no members other than `keys` and members without a value. */
export function hasOnly(struct: Struct, ...keys: readonly string[]): boolean {
  return Object.entries(struct).every(([key, value]) => value === null || value === undefined || keys.includes(key));
}

/** Reads a sender's part. Anything that does not match a known kind exactly is kept whole as `other`. */
export function readPart(value: unknown): MessagePart {
  if (typeof value === "string") return { type: "text", content: value };
  if (!isStruct(value)) return { type: "other", value };
  const read = typeof value.type === "string" ? PART_READERS.get(value.type) : untypedPart;
  return read?.(value) ?? { type: "other", value };
}

/** The parts of a message's content: one text, a list of parts, or a lone part. */
export function readParts(content: unknown): MessagePart[] {
  if (content === null || content === undefined || content === "") return [];
  return Array.isArray(content) ? content.map(readPart) : [readPart(content)];
}

/**
 * A call beside a message's content: {id, type: function, function: {name, arguments}} of chat providers, or LangChain's {id, name, args}.
 */
export function readProviderToolCall(value: unknown): MessagePart {
  if (!isStruct(value)) return { type: "other", value };
  if (!isStruct(value.function)) return callPart(value, "id", "name", "args") ?? { type: "other", value };
  const { function: call } = value;
  if (typeof call.name !== "string" || !hasOnly(value, "id", "type", "function", "index") || !hasOnly(call, "name", "arguments"))
    return { type: "other", value };
  return { type: "tool_call", id: textOrNull(value.id), name: call.name, arguments: call.arguments ?? null };
}

type ReadPart = (part: Struct) => MessagePart | null;

/** Readers by type. Each returns null where a member is missing, or where there is one that the part cannot hold. */
const PART_READERS: ReadonlyMap<string, ReadPart> = new Map<string, ReadPart>([
  // OpenTelemetry's GenAI conventions
  ["text", (part) => contentPart("text", part, "content") ?? contentPart("text", part, "text")],
  ["reasoning", (part) => contentPart("reasoning", part, "content") ?? contentPart("reasoning", part, "text") ?? summaryPart(part)],
  ["tool_call", (part) => callPart(part, "id", "name", "arguments") ?? callPart(part, "id", "name", "args")],
  ["tool_call_response", (part) => answerPart(part, "id", "response", "name") ?? answerPart(part, "id", "result", "name")],
  // Anthropic's content blocks
  ["thinking", (part) => contentPart("reasoning", part, "thinking", "signature")],
  ["tool_use", (part) => callPart(part, "id", "name", "input")],
  ["tool_result", (part) => answerPart(part, "tool_use_id", "content", "is_error")],
  // OpenAI's Responses API
  ["input_text", (part) => contentPart("text", part, "text")],
  ["output_text", (part) => contentPart("text", part, "text", "annotations", "logprobs")],
  ["function_call", (part) => callPart(part, "call_id", "name", "arguments", "id", "status")],
  ["function_call_output", (part) => answerPart(part, "call_id", "output", "id", "status")],
  // Vercel's AI SDK
  ["tool-call", (part) => callPart(part, "toolCallId", "toolName", "input") ?? callPart(part, "toolCallId", "toolName", "args")],
  ["tool-result", (part) => toolResultPart(part)],
  // A part that was already read once
  ["other", (part) => ("value" in part && hasOnly(part, "type", "value") ? { type: "other", value: part.value } : null)],
]);

/** Parts without a type, recognised by their members: Gemini's, Genkit's and Bedrock's, and Vercel's list of calls. */
function untypedPart(part: Struct): MessagePart | null {
  if (part.toolCallId !== undefined)
    return callPart(part, "toolCallId", "toolName", "input") ?? callPart(part, "toolCallId", "toolName", "args");
  const call = part.functionCall ?? part.function_call;
  if (isStruct(call)) return callPart(call, "id", "name", "args");
  const answer = part.functionResponse ?? part.function_response;
  if (isStruct(answer)) return answerPart(answer, "id", "response", "name");
  if (isStruct(part.toolRequest)) return callPart(part.toolRequest, "ref", "name", "input");
  if (isStruct(part.toolResponse)) return answerPart(part.toolResponse, "ref", "output", "name");
  if (isStruct(part.toolUse)) return callPart(part.toolUse, "toolUseId", "name", "input");
  if (isStruct(part.toolResult)) return answerPart(part.toolResult, "toolUseId", "content", "status");
  return contentPart(part.thought === true ? "reasoning" : "text", part, "text", "thought");
}

/** Members that a part may carry but that hold nothing for a reader. */
const SILENT_MEMBERS = ["type", "toolCallType", "cache_control", "providerOptions", "providerMetadata", "thoughtSignature"];

function callPart(part: Struct, id: string, name: string, given: string, ...silent: readonly string[]): MessagePart | null {
  const called = part[name];
  if (typeof called !== "string" || part[given] === undefined || !hasOnly(part, id, name, given, ...silent, ...SILENT_MEMBERS)) {
    const isWithoutArguments = typeof called === "string" && hasOnly(part, id, name, ...silent, ...SILENT_MEMBERS);
    return isWithoutArguments ? { type: "tool_call", id: textOrNull(part[id]), name: called, arguments: null } : null;
  }
  return { type: "tool_call", id: textOrNull(part[id]), name: called, arguments: part[given] };
}

function answerPart(part: Struct, id: string, answer: string, ...silent: readonly string[]): MessagePart | null {
  if (part[answer] === undefined || !hasOnly(part, id, answer, ...silent, ...SILENT_MEMBERS)) return null;
  return { type: "tool_call_response", id: textOrNull(part[id]), response: part[answer] };
}

/** Vercel's tool result; its `output` is {type: text | json | …, value}. */
function toolResultPart(part: Struct): MessagePart | null {
  const { output } = part;
  if (isStruct(output) && hasOnly(output, "type", "value"))
    return answerPart({ ...part, output: output.value ?? null }, "toolCallId", "output", "toolName");
  return answerPart(part, "toolCallId", "output", "toolName") ?? answerPart(part, "toolCallId", "result", "toolName", "isError");
}

function contentPart(type: "text" | "reasoning", part: Struct, content: string, ...silent: readonly string[]): MessagePart | null {
  const said = part[content];
  return typeof said === "string" && hasOnly(part, content, ...silent, ...SILENT_MEMBERS) ? { type, content: said } : null;
}

/** The reasoning summary of an OpenAI model: {summary: [{text}]}. */
function summaryPart({ summary }: Struct): MessagePart | null {
  if (!Array.isArray(summary)) return null;
  const texts = summary.flatMap((item: unknown) => (isStruct(item) && typeof item.text === "string" ? item.text : []));
  return { type: "reasoning", content: texts.join("\n\n") };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
