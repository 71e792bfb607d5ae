import { type Attributes, type AttributeValue, attributeText } from "../decode/index.ts";
import type { Keys } from "./dialect.ts";

/** What the store's columns of tokens hold at most. */
export const COUNT_MAX = 2 ** 32 - 1;

/** What its column of costs holds at most, in US dollars. */
export const COST_USD_MAX = 999_999_999;

/** The first of `keys` that is there and not an empty text. */
export function firstAt(attributes: Attributes, keys: Keys = []): { key: string; value: AttributeValue } | null {
  for (const key of keys) {
    const value = valueAt(attributes, key);
    if (value !== undefined && value !== null && value !== "") return { key, value };
  }
  return null;
}

/** The first of `keys` that is there and not empty, as text. */
export function textAt(attributes: Attributes, ...keys: readonly (Keys | undefined)[]): string | null {
  const found = firstAt(
    attributes,
    keys.flatMap((some) => some ?? []),
  );
  return found === null ? null : attributeText(found.value);
}

/** The first of `keys` that is a whole number a column can hold; senders write counts as numbers and as text. */
export function countAt(attributes: Attributes, keys: Keys = []): number | null {
  return (
    keys.map((key) => numberOf(valueAt(attributes, key))).find((count) => Number.isInteger(count) && count >= 0 && count <= COUNT_MAX) ??
    null
  );
}

/** The first of `keys` that is an amount of US dollars a column can hold. */
export function costAt(attributes: Attributes, keys: Keys): number | null {
  return keys.map((key) => numberOf(valueAt(attributes, key))).find((usd) => usd >= 0 && usd <= COST_USD_MAX) ?? null;
}

/** The first of `keys` as a list of texts; senders write it as a list, as its JSON text or as one text. */
export function textsAt(attributes: Attributes, keys: Keys): string[] {
  const found = firstAt(attributes, keys);
  if (found === null) return [];
  const list = Array.isArray(found.value) ? found.value : jsonOf(found.value);
  return Array.isArray(list) ? list.map(attributeText) : [attributeText(found.value)];
}

/** Every attribute as text but those of `taken`. */
export function textsBut(attributes: Attributes, taken: ReadonlySet<string> = new Set()): Record<string, string> {
  return Object.fromEntries([...attributes].filter(([key]) => !taken.has(key)).map(([key, value]) => [key, attributeText(value)]));
}

/** What a key of a dialect points at: an attribute, or with `#` a member of its JSON text or structured value. */
function valueAt(attributes: Attributes, key: string): AttributeValue | undefined {
  const hash = key.indexOf("#");
  if (hash === -1) return attributes.get(key);
  const path = key.slice(hash + 1).split(".");
  return path.reduce<AttributeValue | undefined>(memberOf, jsonOf(attributes.get(key.slice(0, hash))));
}

function memberOf(value: AttributeValue | undefined, member: string): AttributeValue | undefined {
  return typeof value === "object" && value !== null && Object.hasOwn(value, member)
    ? (value as Record<string, AttributeValue>)[member]
    : undefined;
}

/** A structured value, also from its JSON text; undefined for any other. */
function jsonOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === "object") return value ?? undefined;
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return undefined;
  }
}

function numberOf(value: AttributeValue | undefined): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
