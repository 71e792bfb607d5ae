/** As many digits as a double holds at least: a number with more may not be the one that was written. */
const LONG_NUMBER = /\d{16}|\d\.\d{15}|[eE][+-]?\d{3}/;

/** Not declared for all, as `isRawJSON` is below: a library that others here use declares it, and otherwise. */
const { rawJSON } = JSON as JSON & { rawJSON(text: string): { readonly rawJSON: string } };

/**
 * Parses a JSON text so that `JSON.stringify` gives back every number as it was
 * written; undefined where it is none. Only a text with a long number pays for that.
 */
export function parseExactly(text: string): unknown {
  try {
    return JSON.parse(text, LONG_NUMBER.test(text) ? keepNumber : undefined);
  } catch {
    return undefined;
  }
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source ? rawJSON(source) : value;
}

declare global {
  /** ECMAScript 2026, which Node 24 has and TypeScript's own declarations do not. */
  interface JSON {
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}
