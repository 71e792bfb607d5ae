import {
  canonicalJson,
  isStorable,
  type Move,
  storableText,
  type ToolDefinition,
  type ToolRequest,
  type Turn,
  whyUnstorable,
} from "@signalbox/model";
import { z } from "zod";
import type { ChatAnswer, ChatToolCall } from "../../../chat/chatEndpoint.ts";
import { nameForModel } from "./nameForModel.ts";

/** How often a call may be made with the same arguments: once, and once more to see whether something has changed. */
const SAME_CALLS_MAX = 2;

/** How much of an unusable answer is kept, in characters: enough for the model to see its mistake. */
const KEPT_CHARACTERS_MAX = 2_000;

type Judged<Value> = { kind: "fine"; value: Value } | { kind: "wrong"; problem: string };

function wrong(problem: string): { kind: "wrong"; problem: string } {
  return { kind: "wrong", problem };
}

const JsonObject = z.record(z.string(), z.unknown());

function parseArguments(name: string, text: string): Judged<Record<string, unknown>> {
  try {
    // A tool without arguments is often called with an empty text.
    const parsed = JsonObject.safeParse(JSON.parse(text === "" ? "{}" : text));
    if (!parsed.success) return wrong(`The arguments of ${name} must be a JSON object.`);
    const unstorable = whyUnstorable(parsed.data, "arguments");
    return unstorable === null ? { kind: "fine", value: parsed.data } : wrong(`${name} cannot be called so: ${unstorable}`);
  } catch {
    return wrong(`The arguments of ${name} are not JSON.`);
  }
}

/**
 * The objection of a tool's own schema to arguments; null if there is none, or if the schema is beyond what can be checked here: then the
 * tool's own check decides.
 */
function objectionOf({ name, parameters }: ToolDefinition, given: Record<string, unknown>): string | null {
  let schema: z.ZodType;
  try {
    schema = z.fromJSONSchema(parameters);
  } catch {
    return null;
  }
  const checked = schema.safeParse(given);
  if (checked.success) return null;
  const issues = checked.error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  return `The arguments of ${name} do not fit: ${issues.join("; ")}.`;
}

function timesCalled(call: ToolRequest, turns: readonly Turn[]): number {
  const asked = canonicalJson(call);
  return turns.filter((turn) => turn.kind === "tool" && canonicalJson(turn.call) === asked).length;
}

function judgeCall(
  { function: { name: said, arguments: text } }: ChatToolCall,
  tools: readonly ToolDefinition[],
  turns: readonly Turn[],
): Judged<ToolRequest> {
  const tool = tools.find((definition) => nameForModel(definition.name) === said);
  if (tool === undefined)
    return wrong(`There is no tool ${JSON.stringify(said)}. There are ${tools.map((known) => nameForModel(known.name)).join(", ")}.`);
  const { name } = tool;
  const given = parseArguments(name, text);
  if (given.kind === "wrong") return given;
  const objection = objectionOf(tool, given.value);
  if (objection !== null) return wrong(objection);
  const call = { name, arguments: given.value };
  const times = timesCalled(call, turns);
  if (times >= SAME_CALLS_MAX)
    return wrong(`${name} was called with these arguments ${times} times already, and answered. Use its answer, or do something else.`);
  return { kind: "fine", value: call };
}

/**
 * The call's own id, or a new one if it is empty, cannot be stored, or was used earlier in the conversation: some servers refuse two calls
 * with the same id.
 */
function callIdOf({ id }: ChatToolCall, turns: readonly Turn[]): string {
  const isTaken = turns.some((turn) => turn.kind === "tool" && turn.callId === id);
  return id === "" || isTaken || !isStorable(id) ? `call_${turns.length + 1}` : id;
}

/** A model's answer as text: its words, then its calls. */
function textOf({ content, toolCalls }: ChatAnswer): string {
  const calls = toolCalls.map(({ function: { name, arguments: given } }) => `${name}(${given})`);
  return [content, ...calls].filter((text) => text !== "").join("\n");
}

function rejected(answer: ChatAnswer, problem: string): Move {
  const text = textOf(answer);
  const kept = storableText(text.length <= KEPT_CHARACTERS_MAX ? text : `${text.slice(0, KEPT_CHARACTERS_MAX)}…`);
  return { kind: "rejected", answer: kept === "" ? "(nothing)" : kept, problem };
}

/**
 * Reads a model's answer as a move. Of several calls in one answer the first is made: its result may change the others, and the model can
 * ask for them again. An unusable answer (an unknown tool, arguments that do not fit, a call repeated too often, an empty or cut-off
 * answer) is a rejected move with a problem that the model can correct. Pure.
 */
export function readAnswer(answer: ChatAnswer, tools: readonly ToolDefinition[], turns: readonly Turn[]): Move {
  const { toolCalls, finishReason, model } = answer;
  const content = storableText(answer.content);
  if (finishReason === "too_long" || finishReason === "length") return rejected(answer, "It was cut off because it is too long. Be brief.");
  if (finishReason === "content_filter") return rejected(answer, "It was held back by the endpoint's content filter.");

  const [first] = toolCalls;
  if (first === undefined)
    return content.trim() === ""
      ? rejected(answer, "It is empty. Call a tool, or answer the customer.")
      : { kind: "reply", content, reason: `${model} answers the customer.` };

  const judged = judgeCall(first, tools, turns);
  if (judged.kind === "wrong") return rejected(answer, judged.problem);
  const others = toolCalls.length > 1 ? ` The first of ${toolCalls.length} calls in one answer is made.` : "";
  return {
    kind: "tool",
    callId: callIdOf(first, turns),
    call: judged.value,
    said: content === "" ? null : content,
    reason: `${model} asks for it.${others}`,
  };
}
