import type { Message } from "../telemetry/message.ts";
import { isStruct, type Struct } from "./messageParts.ts";
import { readMessages } from "./readMessages.ts";

/** The names in which OpenInference wraps the members of a message, a part and a call. */
const WRAPPERS: ReadonlySet<string> = new Set(["message", "message_content", "tool_call"]);

/** The most names in the path of a message key; a longer key is not one of a message. */
const STEPS_MAX = 16;

/** A key `prefix.{i}.…` split up: the message's index, then the path to the attribute's place in it. */
export type IndexedKey = readonly [index: string, ...path: string[]];

/** An attribute of messages that are flattened by index. */
export type IndexedAttribute = readonly [key: IndexedKey, value: unknown];

/** The path in `key` after `prefix` and a dot, or null where it is not a message key. */
export function readIndexedKey(key: string, prefix: string): IndexedKey | null {
  const [index = "", ...path] = key.startsWith(`${prefix}.`) ? key.slice(prefix.length + 1).split(".") : [];
  return isIndex(index) && path.length < STEPS_MAX && !path.includes("__proto__") ? [index, ...path] : null;
}

/**
 * The messages that are spread over attributes `prefix.{i}.…`, in the order of their indexes. Reads OpenInference
 * (`{i}.message.contents.{j}.message_content.text`, `tool_calls.{k}.tool_call.function.name`) and OpenLLMetry and AgentOps
 * (`{i}.content`, `{i}.tool_calls.{j}.name`). Messages without a role get `role`; messages with nothing but a role are left out.
 */
export function readIndexedMessages(attributes: readonly IndexedAttribute[], role: string): Message[] {
  const items: Branch = new Map();
  for (const [key, value] of attributes) plant(items, key, value);
  const messages = inOrder(items).flatMap((item) => readItem(item, role));
  const isSaid = messages.some(({ parts, finishReason }) => parts.length > 0 || finishReason !== undefined);
  return isSaid ? messages : [];
}

function readItem(item: unknown, role: string): Message[] {
  return readMessages(isStruct(item) ? { role, ...providerForm(item) } : item, role);
}

type Branch = Map<string, unknown>;

/** Puts a value at the end of its path. A path that runs through another value is skipped: the attribute itself still has it. */
function plant(items: Branch, key: IndexedKey, value: unknown): void {
  let branch = items;
  const last = key.length - 1;
  for (let step = 0; step < last; step += 1) {
    const name = key[step] as string;
    const next = branch.get(name) ?? new Map();
    if (!(next instanceof Map)) return;
    branch.set(name, next);
    branch = next;
  }
  branch.set(key[last] as string, value);
}

/** A branch as a value: a list where all its names are indexes, else an object. Wrappers are removed. */
function grown(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const branch: Branch = value;
  const [first = "", ...others] = branch.keys();
  if (isIndex(first) && others.every(isIndex)) return inOrder(branch);
  const struct: Record<string, unknown> = {};
  for (const [name, inner] of branch) struct[name] = grown(inner);
  return others.length === 0 && WRAPPERS.has(first) && isStruct(struct[first]) ? struct[first] : struct;
}

/** The values at the indexes of a branch, in numeric order. */
function inOrder(branch: Branch): unknown[] {
  const byIndex = [...branch].sort(([a], [b]) => Number(a) - Number(b));
  return byIndex.map(([, value]) => grown(value));
}

function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}

/** A message in a chat provider's form: `contents` becomes `content`, and a call has its name and arguments in `function`. */
function providerForm(given: Struct): Struct {
  if (given.contents === undefined && given.tool_calls === undefined) return given;
  const { contents, tool_calls: calls, ...message } = given;
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
