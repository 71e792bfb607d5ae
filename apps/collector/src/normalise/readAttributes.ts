import { type Attributes, type AttributeValue, attributeText } from "../decode/index.ts";
import type { Keys } from "./dialect.ts";

/** The largest value of the store's token columns. */
export const COUNT_MAX = 2 ** 32 - 1;

/** The largest value of the store's cost column, in US dollars. */
export const COST_USD_MAX = 999_999_999;

/** The first of `keys` that exists and is not empty, as text. */
export function textAt(attributes: Attributes, keys: Keys): string | null {
  for (const key of keys) {
    const value = attributes.get(key);
    if (isSaid(value)) return attributeText(value);
  }
  return null;
}

/** All attributes as text, except those in `taken`. */
export function textsBut(attributes: Attributes, taken: ReadonlySet<string> = new Set()): Record<string, string> {
  return Object.fromEntries([...attributes].filter(([key]) => !taken.has(key)).map(([key, value]) => [key, attributeText(value)]));
}

/** Whether a value exists and is not an empty text. */
export function isSaid(value: AttributeValue | undefined): value is AttributeValue {
  return value !== undefined && value !== null && value !== "";
}

/** A list of texts, from a list, its JSON text or a single text. */
export function textsOf(value: AttributeValue): string[] {
  const list = structOf(value);
  return Array.isArray(list) ? list.map(attributeText) : [attributeText(value)];
}

/** A number, or the number in a text; NaN for any other value. */
export function numberOf(value: AttributeValue | undefined): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** A structured value, or the one in a JSON text; undefined for any other value. */
export function structOf(value: AttributeValue): AttributeValue | undefined {
  if (typeof value === "object") return value ?? undefined;
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return undefined;
  }
}

/** The member at the end of `path`, where a number selects from a list. */
export function memberAt(value: AttributeValue | undefined, path: readonly string[]): AttributeValue | undefined {
  let member = value;
  for (const step of path) {
    if (typeof member !== "object" || member === null || !Object.hasOwn(member, step)) return undefined;
    member = (member as Record<string, AttributeValue>)[step];
  }
  return member;
}
