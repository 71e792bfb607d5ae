const ESCAPES: Record<string, string> = { "\\": "\\\\", "'": "\\'", "`": "\\`", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string literal of ClickHouse's SQL. */
export function quoteString(value: string): string {
  return `'${value.replace(/[\\'\0\n\r\t]/g, (character) => ESCAPES[character] ?? character)}'`;
}

/** A quoted identifier of ClickHouse's SQL. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`\0\n\r\t]/g, (character) => ESCAPES[character] ?? character)}\``;
}
