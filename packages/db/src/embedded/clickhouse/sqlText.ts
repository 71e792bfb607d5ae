const ESCAPES: Record<string, string> = { "\\": "\\\\", "'": "\\'", "`": "\\`", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string as ClickHouse's SQL writes it. */
export function quoteString(value: string): string {
  return `'${value.replace(/[\\'\0\n\r\t]/g, (character) => ESCAPES[character] ?? character)}'`;
}

/** A name as ClickHouse's SQL writes it. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`\0\n\r\t]/g, (character) => ESCAPES[character] ?? character)}\``;
}
