import type { AttributeValue } from "../otlp.ts";

/** An object of a request, before any of its members is trusted. */
export type Struct = { [key: string]: AttributeValue };

export function isStruct(value: AttributeValue | undefined): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` where it is an object, or an empty one. */
export function structOf(value: AttributeValue | undefined): Struct {
  return isStruct(value) ? value : {};
}

/** Whether a value says nothing: none, an empty text, list or object. */
export function isNothing(value: AttributeValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether `struct` has no member but `keys` and members that say nothing. */
export function hasOnly(struct: Struct, keys: readonly string[]): boolean {
  return Object.entries(struct).every(([key, value]) => isNothing(value) || keys.includes(key));
}

/** `struct` without `keys` and without members that say nothing; null where nothing is left. */
export function without(struct: Struct, keys: readonly string[]): Struct | null {
  const left = Object.entries(struct).filter(([key, value]) => !isNothing(value) && !keys.includes(key));
  return left.length === 0 ? null : Object.fromEntries(left);
}
