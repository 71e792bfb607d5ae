import { pythonNumber } from "./pythonNumber.ts";

/** A string as `json.dumps` writes it: JSON's escapes, and everything outside printable ASCII as `\uXXXX` (UTF-16 units, lower-case). */
function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The text of Python's `json.dumps` with its defaults: separators `", "` and `": "`, keys in their own order, ASCII only. `value` is any
 * JSON value.
 */
export function pythonJson(value: unknown): string {
  if (typeof value === "string") return jsonString(value);
  if (typeof value === "number") return pythonNumber(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${jsonString(key)}: ${pythonJson(member)}`);
    return `{${members.join(", ")}}`;
  }
  return String(value);
}
