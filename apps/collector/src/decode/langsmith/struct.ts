import type { AttributeValue } from "../otlp.ts";

/** An object of a request, with unchecked members. */
export type Struct = { [key: string]: AttributeValue };

export function isStruct(value: AttributeValue | undefined): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` if it is an object, else an empty one. */
export function structOf(value: AttributeValue | undefined): Struct {
  return isStruct(value) ? value : {};
}

/** Whether a value is missing or empty: null, or an empty text, list or object. */
export function isNothing(value: AttributeValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether all members of `struct` other than `keys` are empty. */
export function hasOnly(struct: Struct, keys: readonly string[]): boolean {
  return Object.entries(struct).every(([key, value]) => isNothing(value) || keys.includes(key));
}

/** `struct` without `keys` and without empty members; null if nothing is left. */
export function without(struct: Struct, keys: readonly string[]): Struct | null {
  const left = Object.entries(struct).filter(([key, value]) => !isNothing(value) && !keys.includes(key));
  return left.length === 0 ? null : Object.fromEntries(left);
}
