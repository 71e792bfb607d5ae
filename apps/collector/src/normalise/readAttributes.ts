import { type Attributes, type AttributeValue, attributeText } from "../decode/index.ts";
import type { Keys } from "./dialect.ts";

/** What the store's columns of tokens hold at most. */
const COUNT_MAX = 2 ** 32 - 1;

/** What its column of costs holds at most, in US dollars. */
const COST_USD_MAX = 999_999_999;

/** The first of `keys` that is there and not empty, as text. */
export function textAt(attributes: Attributes, ...keys: readonly (Keys | undefined)[]): string | null {
  for (const key of keys.flatMap((some) => some ?? [])) {
    const value = attributes.get(key);
    if (value !== undefined && value !== null && value !== "") return attributeText(value);
  }
  return null;
}

/** The first of `keys` that is a whole number a column can hold; senders write counts as numbers and as text. */
export function countAt(attributes: Attributes, keys: Keys = []): number | null {
  return (
    keys.map((key) => numberOf(attributes.get(key))).find((count) => Number.isInteger(count) && count >= 0 && count <= COUNT_MAX) ?? null
  );
}

/** The first of `keys` that is an amount of US dollars a column can hold. */
export function costAt(attributes: Attributes, keys: Keys): number | null {
  return keys.map((key) => numberOf(attributes.get(key))).find((usd) => usd >= 0 && usd <= COST_USD_MAX) ?? null;
}

/** A list of texts, also as its JSON text or as one text. */
export function textsAt(attributes: Attributes, key: string): string[] {
  const value = attributes.get(key) ?? null;
  if (Array.isArray(value)) return value.map(attributeText);
  return value === null || value === "" ? [] : [attributeText(value)];
}

/** Every attribute as text but those of `taken`. */
export function textsBut(attributes: Attributes, taken: ReadonlySet<string> = new Set()): Record<string, string> {
  return Object.fromEntries([...attributes].filter(([key]) => !taken.has(key)).map(([key, value]) => [key, attributeText(value)]));
}

function numberOf(value: AttributeValue | undefined): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
