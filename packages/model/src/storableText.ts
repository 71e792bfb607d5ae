/** Whether PostgreSQL can store a text and read it out of JSON: it holds neither a NUL character nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** A text made storable: NUL characters and halves of surrogate pairs are replaced. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{fffd}");
}
