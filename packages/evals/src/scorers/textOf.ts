import { canonicalJson } from "@signalbox/model";

/** A value as text: a string unchanged, nothing as the empty text, anything else as its canonical JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : canonicalJson(value);
}

const EXCERPT_CHARACTERS = 80;

/** The beginning of a value's text, quoted, for use in a sentence. */
export function excerptOf(value: unknown): string {
  const text = textOf(value);
  return JSON.stringify(text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS - 1)}…` : text);
}

/** The words of a text, in lower case: runs of letters and digits. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
