import type { Message } from "@signalbox/model";
import type { AttributeValue } from "../decode/index.ts";

/** Digits that a double may round: JSON that has them is not whole once parsed. */
const LONG_NUMBER = /\d{16}/;

/** Whether messages hold everything that the body they were read from says, so that the body need not be kept beside them. */
export function holdsAll(messages: readonly Message[], body: AttributeValue): boolean {
  const isText = typeof body === "string";
  if (isText && LONG_NUMBER.test(body)) return false;
  const kept = new Map<unknown, number>();
  for (const leaf of leavesOf(messages)) kept.set(leaf, (kept.get(leaf) ?? 0) + 1);
  for (const leaf of leavesOf(isText ? parsed(body) : body)) {
    const left = kept.get(leaf) ?? 0;
    if (left === 0) return false;
    kept.set(leaf, left - 1);
  }
  return true;
}

/** Every text, number and truth value within, but for the names of types, which the form of a message says in its own words. */
function* leavesOf(value: unknown): Generator<unknown> {
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== "object") yield next;
    else if (next !== null)
      rest.push(...Object.entries(next).flatMap(([key, inner]) => (key === "type" && typeof inner !== "object" ? [] : [inner])));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
