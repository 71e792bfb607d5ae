import { pythonRepr } from "./pythonText.ts";

/*
 * The tools are those of a Python program without validation: a value of the wrong type fails where it is first used, and the exception's
 * text is the tool's answer. These are the operations that tools apply to values of unknown type.
 */

/** A Python exception with its message; the tool's answer becomes `Error: {message}`. */
export class PythonError extends Error {
  override readonly name = "PythonError";
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return "dict";
}

/** `value[key]`: throws the repr of the key if it is missing. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) throw new PythonError(`list indices must be integers or slices, not ${typeName(key)}`);
  if (typeof value === "string") throw new PythonError(`string indices must be integers, not '${typeName(key)}'`);
  if (typeof value !== "object" || value === null) throw new PythonError(`'${typeName(value)}' object is not subscriptable`);
  if (typeof key !== "string" || !Object.hasOwn(value, key)) throw new PythonError(pythonRepr(key));
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** `key in value` for one of our objects: only a string can be a key. */
export function hasKey<V>(value: Readonly<Record<string, V>>, key: unknown): key is string {
  return typeof key === "string" && Object.hasOwn(value, key);
}

/** `for item in value`: an object yields its keys, a string its characters. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [...value];
  if (typeof value === "object" && value !== null) return Object.keys(value);
  throw new PythonError(`'${typeName(value)}' object is not iterable`);
}

/** `len(value)`. */
export function lengthOf(value: unknown): number {
  if (typeof value === "object" && value !== null) return itemsOf(value).length;
  if (typeof value === "string") return itemsOf(value).length;
  throw new PythonError(`object of type '${typeName(value)}' has no len()`);
}

/** `value` as an operand of arithmetic, or of a comparison with a number (a bool counts as 0 or 1). */
export function numberOf(value: unknown, operator: "+" | "-" | "*" | "<"): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (operator === "<") throw new PythonError(`'<' not supported between instances of 'int' and '${typeName(value)}'`);
  throw new PythonError(`unsupported operand type(s) for ${operator}: 'int' and '${typeName(value)}'`);
}

/** `dict(value)` for an item that gets further keys: only an object is possible. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new PythonError(`'${typeName(value)}' object does not support item assignment`);
}

/** `value[-count:]` of a string. */
export function lastOf(value: unknown, count: number): string {
  if (typeof value === "string") return [...value].slice(-count).join("");
  throw new PythonError(`'${typeName(value)}' object is not subscriptable`);
}
