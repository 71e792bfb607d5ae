/** A value as JSON keeps it: what is infinite is null, what is undefined is left out. */
export const asKept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Where two JSON values first differ, as a path like `metrics.0.reason` (empty for the whole); null where they are the same. */
export function plainDifference(one: unknown, other: unknown): string | null {
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return Object.is(one, other) ? null : "";
  for (const key of [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()) {
    const within = key in one && key in other ? plainDifference(one[key], other[key]) : "";
    if (within !== null) return within === "" ? key : `${key}.${within}`;
  }
  return null;
}
