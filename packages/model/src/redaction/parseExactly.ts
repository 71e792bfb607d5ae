/** Numbers with at least as many digits as a double always holds: they may not survive being parsed. */
const LONG_NUMBER = /\d{16}|\d\.\d{15}|[eE][+-]?\d{3}/;

/** Not declared globally as `isRawJSON` is below: a library that other packages use declares it with another type. */
const { rawJSON } = JSON as JSON & { rawJSON(text: string): { readonly rawJSON: string } };

/**
 * Parses a JSON text such that `JSON.stringify` writes every number back as it was;
 * undefined where the text is not JSON. Only a text with a long number pays for that.
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
  /** ECMAScript 2026, which Node 24 implements and TypeScript does not declare yet. */
  interface JSON {
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}
