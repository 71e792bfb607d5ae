import type { AttributeValue } from "../otlp.ts";
import { messageOf, type ReadMessage, textMessage } from "./messageOf.ts";
import { isNothing, isStruct, type Struct, without } from "./struct.ts";

/** A run's inputs or outputs: the messages in them, and the rest (null if the messages hold everything). */
export interface RunBody {
  messages: ReadMessage["message"][];
  rest: AttributeValue;
}

/** Names under which inputs and outputs hold messages, in order of precedence, and how each is read. */
const READERS: Readonly<Record<string, (value: AttributeValue, role: string) => RunBody>> = {
  choices: (choices) => collected(listOf(choices), readChoice),
  generations: (generations) => collected(listOf(generations).flat(), readGeneration),
  messages: readNested,
  input: readNested,
  output: readNested,
  outputs: readNested,
  prompts: readNested,
  prompt: readNested,
};

/**
 * Reads the messages of a run's inputs (`role` user) or outputs (`role` assistant): one message, a list of them or a list of such lists,
 * under one of the names in `READERS`; OpenAI's choices and LangChain's generations; or a single text, taken as a message of `role`.
 */
export function readBody(value: AttributeValue | undefined, role: string): RunBody {
  const listed = readMessages(value);
  if (listed.messages.length > 0 || !isStruct(value)) return listed;
  for (const [key, read] of Object.entries(READERS)) {
    if (!Object.hasOwn(value, key)) continue;
    const { messages, rest } = read(value[key] ?? null, role);
    if (messages.length > 0) return { messages, rest: without({ ...value, [key]: rest }, []) };
  }
  const [only, ...more] = Object.values(value);
  return typeof only === "string" && more.length === 0 ? { messages: [textMessage(role, only).message], rest: null } : listed;
}

/** The first message that a LangChain model generated, in LangChain's form. */
export function firstGeneration({ generations }: Struct): AttributeValue | undefined {
  const [first] = listOf(generations).flat();
  return isStruct(first) ? first.message : undefined;
}

/** Messages under a name: directly, as texts, or nested under the name `messages`. */
function readNested(value: AttributeValue, role: string): RunBody {
  const { messages, ...more } = isStruct(value) ? value : {};
  if (messages === undefined) return readMessages(value, (item) => (typeof item === "string" ? textMessage(role, item) : null));
  const inner = readMessages(messages);
  return { messages: inner.messages, rest: without({ ...more, messages: inner.rest }, []) };
}

/** One message, a list of them, or a list of such lists. */
function readMessages(value: AttributeValue | undefined, readOther: (item: AttributeValue) => ReadMessage | null = () => null): RunBody {
  const read = (item: AttributeValue): ReadMessage | null => messageOf(item) ?? readOther(item);
  if (Array.isArray(value)) return collected(value.flat(), read);
  const only = isNothing(value) ? null : read(value ?? null);
  return only === null ? { messages: [], rest: value ?? null } : { messages: [only.message], rest: only.rest };
}

/**
 * Reads each item as a message. `rest` has one entry per item: null if a message holds all of it, the item itself if it is not a message.
 */
function collected(items: readonly AttributeValue[], read: (item: AttributeValue) => ReadMessage | null): RunBody {
  const all = items.map((item) => read(item) ?? { message: null, rest: item });
  const rest = all.map((some) => some.rest);
  return { messages: all.flatMap(({ message }) => message ?? []), rest: rest.every((some) => some === null) ? null : rest };
}

function readChoice(choice: AttributeValue): ReadMessage | null {
  const read = isStruct(choice) ? messageOf(choice.message) : null;
  if (read === null || !isStruct(choice)) return null;
  const { finish_reason: finishReason } = choice;
  const isReason = typeof finishReason === "string";
  return {
    message: isReason ? { ...read.message, finish_reason: finishReason } : read.message,
    rest: without({ ...choice, message: read.rest }, isReason ? ["index", "finish_reason"] : ["index"]),
  };
}

/** A generation as a message: its own message if it has one, else its text. */
function readGeneration(generation: AttributeValue): ReadMessage | null {
  if (!isStruct(generation)) return null;
  const read = messageOf(generation.message);
  if (read !== null) return { message: read.message, rest: without({ ...generation, message: read.rest }, ["text", "type"]) };
  return typeof generation.text === "string"
    ? { ...textMessage("assistant", generation.text), rest: without(generation, ["text", "type"]) }
    : null;
}

function listOf(value: AttributeValue | undefined): AttributeValue[] {
  return Array.isArray(value) ? value : [];
}
