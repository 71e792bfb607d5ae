import type { AttributeValue } from "../otlp.ts";
import { messageOf, type ReadMessage } from "./messageOf.ts";
import { isNothing, isStruct, type Struct } from "./struct.ts";

/** A run's inputs or outputs: the messages in them, and what no message holds (null where they hold all of it). */
export interface RunBody {
  messages: ReadMessage["message"][];
  rest: AttributeValue;
}

/** The messages of a run's inputs: a list of them or a list of such lists, one message, or a single text. */
export function readInputs(inputs: AttributeValue | undefined): RunBody {
  return readBody(inputs, "user", ["messages", "input", "prompts", "prompt"], () => null);
}

/** The messages of a run's outputs: of OpenAI's `choices` and LangChain's `generations` too. */
export function readOutputs(outputs: AttributeValue | undefined): RunBody {
  return readBody(outputs, "assistant", ["messages", "output", "outputs"], readAlternatives);
}

/** The first message that a LangChain model generated, as it wrote it. */
export function firstGeneration({ generations }: Struct): AttributeValue | undefined {
  const [first] = Array.isArray(generations) ? generations.flat() : [];
  return isStruct(first) ? first.message : undefined;
}

type Found = { key: string; read: (ReadMessage | null)[] };

function readBody(
  value: AttributeValue | undefined,
  role: string,
  keys: readonly string[],
  readOther: (body: Struct) => Found | null,
): RunBody {
  if (isNothing(value)) return { messages: [], rest: null };
  const whole = messageOf(value);
  if (whole !== null) return { messages: [whole.message], rest: whole.isWhole ? null : (value ?? null) };
  if (!isStruct(value)) return { messages: [], rest: value ?? null };

  const found = readOther(value) ?? readListed(value, keys) ?? readOnlyText(value, role);
  if (found === null) return { messages: [], rest: value };
  const messages = found.read.flatMap((read) => read?.message ?? []);
  if (messages.length < found.read.length || found.read.some((read) => read?.isWhole === false)) return { messages, rest: value };
  const { [found.key]: _, ...rest } = value;
  return { messages, rest: isNothing(rest) ? null : rest };
}

/** The first of `keys` that holds a message, a list of them, or a list of lists of them. */
function readListed(body: Struct, keys: readonly string[]): Found | null {
  for (const key of keys) {
    const value = body[key];
    const read = (Array.isArray(value) ? value.flat() : [value]).map(messageOf);
    if (read.some((message) => message !== null)) return { key, read };
  }
  return null;
}

/** What a function took or gave as one text: {input: "…"}, {output: "…"}. */
function readOnlyText(body: Struct, role: string): Found | null {
  const [[key, value] = ["", null], ...more] = Object.entries(body);
  if (more.length > 0 || typeof value !== "string") return null;
  return { key, read: [{ message: { role, parts: [{ type: "text", content: value }] }, isWhole: true }] };
}

function readAlternatives({ choices, generations }: Struct): Found | null {
  if (Array.isArray(choices)) return { key: "choices", read: choices.map(readChoice) };
  return Array.isArray(generations) ? { key: "generations", read: generations.flat().map(readGeneration) } : null;
}

function readChoice(choice: AttributeValue): ReadMessage | null {
  if (!isStruct(choice)) return null;
  const read = messageOf(choice.message);
  if (read === null) return null;
  const { index: _, message: __, finish_reason: finishReason, ...more } = choice;
  const reason = typeof finishReason === "string" ? { finish_reason: finishReason } : {};
  return { message: { ...read.message, ...reason }, isWhole: read.isWhole && Object.values(more).every(isNothing) };
}

/** A generation's text is that of its message where it has one. */
function readGeneration(generation: AttributeValue): ReadMessage | null {
  if (!isStruct(generation)) return null;
  const { text = "", message, generation_info: info, type: _, ...more } = generation;
  const isWhole = isNothing(info) && Object.values(more).every(isNothing);
  const read = messageOf(message);
  if (read !== null) return { ...read, isWhole: read.isWhole && isWhole };
  return { message: { role: "assistant", parts: [{ type: "text", content: text }] }, isWhole };
}
