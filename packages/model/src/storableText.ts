/** A text that PostgreSQL can store and read out of JSON: NUL characters and lone surrogates are replaced. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{fffd}");
}
