import type { JsonObject } from "./jsonBody.ts";
import { MalformedBody } from "./malformedBody.ts";
import { exactNumber, jsonNumber } from "./numbers.ts";

// Each function reads one field by the rules of OTLP's JSON mapping. A missing or null field has its default; one of a wrong type is
// malformed.

const UNSIGNED_MAX = 2n ** 64n - 1n;

/** An object; an empty one if missing. */
export function objectOf(from: JsonObject, key: string): JsonObject {
  const value = from[key] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType(key, "an object");
  return value as JsonObject;
}

/** A list of any values. */
export function anyListOf(from: JsonObject, key: string): readonly unknown[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value)) throw wrongType(key, "a list");
  return value;
}

/** A list of objects. */
export function listOf(from: JsonObject, key: string): readonly JsonObject[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(key, "a list of objects");
  return value;
}

export function textOf(from: JsonObject, key: string): string {
  const value = from[key] ?? "";
  if (typeof value !== "string") throw wrongType(key, "a string");
  return value;
}

/** Text, a number or a boolean; null if missing. */
export function scalarOf(from: JsonObject, key: string): string | number | boolean | null {
  const value = from[key] ?? null;
  if (typeof value === "object" && value !== null) throw wrongType(key, "text, a number or a boolean");
  return value as string | number | boolean | null;
}

/** An id: hexadecimal digits of any case (not base64, as in protobuf's own JSON mapping). */
export function hexOf(from: JsonObject, key: string): string {
  return textOf(from, key).toLowerCase();
}

export function booleanOf(from: JsonObject, key: string): boolean {
  const value = from[key] ?? false;
  if (typeof value !== "boolean") throw wrongType(key, "true or false");
  return value;
}

/** A 64-bit integer, as a number or as decimal digits. */
export function integerOf(from: JsonObject, key: string): number | string {
  return toInteger(from[key] ?? 0, key);
}

function toInteger(value: unknown, key: string): number | string {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return exactNumber(value);
  throw wrongType(key, "an integer");
}

/** An unsigned 64-bit integer. */
export function unsignedOf(from: JsonObject, key: string): number | string {
  return toUnsigned(from[key] ?? 0, key);
}

/** A list element, read like a field by `unsignedOf`. */
export function toUnsigned(element: unknown, key: string): number | string {
  const value = toInteger(element, key);
  if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  if (BigInt(value) < 0n || BigInt(value) > UNSIGNED_MAX) throw wrongType(key, "an unsigned integer of 64 bits");
  return value;
}

/** A signed 32-bit integer. */
export function int32Of(from: JsonObject, key: string): number {
  const value = Number(integerOf(from, key));
  if ((value | 0) !== value) throw wrongType(key, "an integer of 32 bits");
  return value;
}

/** A list of scalars, each read by `to`. */
export function valuesOf<V>(from: JsonObject, key: string, to: (element: unknown, key: string) => V): V[] {
  const list = from[key] ?? [];
  if (!Array.isArray(list)) throw wrongType(key, "a list of values");
  return list.map((element) => to(element, key));
}

export function isSet(from: JsonObject, key: string): boolean {
  return from[key] !== undefined && from[key] !== null;
}

/** A double: a number, its text, or the name of a value that JSON lacks. */
export function doubleOf(from: JsonObject, key: string): number | string {
  return toDouble(from[key] ?? 0, key);
}

/** A list element, read like a field by `doubleOf`. */
export function toDouble(value: unknown, key: string): number | string {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && (value === "NaN" || !Number.isNaN(Number(value))))
    return jsonNumber(Number(value));
  throw wrongType(key, "a number");
}

/** Nanoseconds since 1970, unsigned 64 bits. */
export function nanosOf(from: JsonObject, key: string): bigint {
  const nanos = BigInt(integerOf(from, key));
  if (nanos < 0n || nanos > UNSIGNED_MAX) throw wrongType(key, "a time in nanoseconds (unsigned 64 bits)");
  return nanos;
}

/** An enum's number. OTLP forbids names, but senders that use protobuf's own JSON mapping write them; `names` maps them to numbers. */
export function enumerationOf(from: JsonObject, key: string, names: ReadonlyMap<string, number>): number {
  const value = from[key] ?? 0;
  if (typeof value === "number") return value;
  if (typeof value === "string") return names.get(value) ?? 0;
  throw wrongType(key, "a number");
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongType(key: string, expected: string): MalformedBody {
  return new MalformedBody(`${key} is not ${expected}`);
}
