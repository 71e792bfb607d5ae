import { parsedJson } from "@signalbox/model";

/** A value as JSON: a text is parsed, anything else stays. Undefined for a text that is not JSON, and for nothing. */
export function jsonIn(value: unknown): unknown {
  return typeof value === "string" ? parsedJson(value) : (value ?? undefined);
}
