/** A text as PostgreSQL stores it and reads it out of JSON: it has neither NUL nor half of a surrogate pair. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{fffd}");
}
