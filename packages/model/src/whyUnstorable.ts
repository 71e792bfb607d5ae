import { isStorable } from "./storableText.ts";

/** The deepest nesting of values in a request. No real request goes deeper, and code that reads it later recurses once per level. */
const DEPTH_MAX = 100;

/** The path to the first text that cannot be stored (`.tags.1`), or that there are too many levels; null where there is neither. */
function unstorablePath(value: unknown, depth: number): string | "too deep" | null {
  if (typeof value === "string") return isStorable(value) ? null : "";
  if (value === null || typeof value !== "object") return null;
  if (depth === DEPTH_MAX) return "too deep";
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (typeof key === "string" && !isStorable(key)) return "";
    const path = unstorablePath((value as Record<string, unknown>)[key], depth + 1);
    if (path !== null) return path === "too deep" ? path : `.${key}${path}`;
  }
  return null;
}

/** The reason why a JSON value cannot be stored unchanged, with the place in it, which begins with `place`; null if it can. */
export function whyUnstorable(value: unknown, place: string): string | null {
  const path = unstorablePath(value, 0);
  if (path === null) return null;
  if (path === "too deep") return `The request holds values that are nested deeper than ${DEPTH_MAX} levels.`;
  return `${place}${path} holds a NUL character or half a surrogate pair.`;
}
