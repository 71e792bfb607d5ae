import type { Message } from "../message.ts";
import { isStruct, type Struct } from "./messageParts.ts";
import { readMessages } from "./readMessages.ts";

/** What OpenInference wraps the members of a message, of a part and of a call in. */
const WRAPPERS = ["message", "message_content", "tool_call"] as const;

/** How many names follow one another in a key of a message at most; what is longer is none. */
const STEPS_MAX = 16;

/** Messages, and by key the long texts of attributes that are whole in them: what is there need not be kept twice. */
export type IndexedMessages = { messages: Message[]; wholeTexts: ReadonlyMap<string, string> };

/**
 * The messages that are spread over attributes `prefix.{i}.…`, in the order of their indexes. Reads OpenInference
 * (`{i}.message.contents.{j}.message_content.text`, `tool_calls.{k}.tool_call.function.name`) and OpenLLMetry and AgentOps
 * (`{i}.content`, `{i}.tool_calls.{j}.name`). Messages without a role have `role`; messages that say nothing but their roles are none.
 * A text is long from `textMin` characters on.
 */
export function readIndexedMessages(
  attributes: ReadonlyMap<string, unknown>,
  { prefix, role, textMin }: { prefix: string; role: string; textMin: number },
): IndexedMessages {
  const root: Branch = new Map();
  const longTexts: LongText[] = [];
  for (const [key, value] of attributes) {
    const [index = "", ...path] = key.startsWith(`${prefix}.`) ? key.slice(prefix.length + 1).split(".") : [];
    if (!/^\d+$/.test(index) || path.length >= STEPS_MAX) continue;
    plant(root, [index, ...path], value);
    if (typeof value === "string" && value.length >= textMin) longTexts.push({ index, key, text: value });
  }
  const items = [...root].sort(([a], [b]) => Number(a) - Number(b)).map(([index, item]) => ({ index, messages: readItem(item, role) }));
  const messages = items.flatMap((item) => item.messages);
  const isSaid = messages.some(({ parts, finishReason }) => parts.length > 0 || finishReason !== undefined);
  if (!isSaid) return { messages: [], wholeTexts: new Map() };
  const textsOf = Map.groupBy(longTexts, ({ index }) => index);
  const whole = items.flatMap((item) => wholeIn(item.messages, textsOf.get(item.index) ?? []));
  return { messages, wholeTexts: new Map(whole.map(({ key, text }) => [key, text])) };
}

type LongText = { index: string; key: string; text: string };

function readItem(item: unknown, role: string): Message[] {
  const message = grown(item);
  return readMessages(isStruct(message) ? { role, ...providerForm(message) } : message, role);
}

/**
 * The texts of one message's attributes that are in its parts as often as in the attributes. A part holds what one attribute says: where a text is
 * there less often, one of its attributes was not read, and nobody can tell which.
 */
function wholeIn(messages: readonly Message[], texts: readonly LongText[]): readonly LongText[] {
  if (texts.length === 0) return [];
  const inParts = timesOf(messages.flatMap(({ parts }) => parts.flatMap((part): unknown[] => Object.values(part))));
  const inAttributes = timesOf(texts.map(({ text }) => text));
  return texts.filter(({ text }) => inParts.get(text) === inAttributes.get(text));
}

function timesOf(values: readonly unknown[]): ReadonlyMap<unknown, number> {
  const times = new Map<unknown, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return times;
}

type Branch = Map<string, unknown>;

/** Puts a value at the end of its path. A path through another value is left out: the attribute itself still says it. */
function plant(root: Branch, path: readonly string[], value: unknown): void {
  let branch = root;
  for (const step of path.slice(0, -1)) {
    const next = branch.get(step) ?? new Map();
    if (!(next instanceof Map)) return;
    branch.set(step, next);
    branch = next;
  }
  branch.set(path.at(-1) ?? "", value);
}

/** A branch as a value: a list where all its keys are indexes, else an object. Wrappers fall away. */
function grown(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([key, inner]): [string, unknown] => [key, grown(inner)]);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key)))
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, inner]) => inner);
  const [only] = entries;
  const isWrapped = only !== undefined && entries.length === 1 && WRAPPERS.some((wrapper) => wrapper === only[0]) && isStruct(only[1]);
  return isWrapped ? only[1] : Object.fromEntries(entries);
}

/** A message in the form of a chat provider: `contents` is its `content`, and a call has its name and arguments in `function`. */
function providerForm({ contents, tool_calls: calls, ...message }: Struct): Struct {
  return {
    ...message,
    ...(contents === undefined ? {} : { content: contents }),
    ...(Array.isArray(calls) ? { tool_calls: calls.map(providerCall) } : {}),
  };
}

function providerCall(call: unknown): unknown {
  if (!isStruct(call) || call.name === undefined) return call;
  const { name, arguments: given, ...rest } = call;
  return { ...rest, function: { name, arguments: given } };
}
