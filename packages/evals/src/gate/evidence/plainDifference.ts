/** A value after a round trip through JSON: infinite numbers become null, undefined members are dropped. */
export const asKept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The path of the first difference between two JSON values, like `metrics.0.reason` (empty for the whole); null where they are equal. */
export function plainDifference(one: unknown, other: unknown): string | null {
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return Object.is(one, other) ? null : "";
  for (const key of [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()) {
    const within = key in one && key in other ? plainDifference(one[key], other[key]) : "";
    if (within !== null) return within === "" ? key : `${key}.${within}`;
  }
  return null;
}
