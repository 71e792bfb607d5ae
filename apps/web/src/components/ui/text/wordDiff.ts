import { diffLines, diffWordsWithSpace } from "diff";
import { prettyJson } from "./JsonView.tsx";

/** A piece of a diff: in both texts, only in the new one, or only in the old one. `at` is its index. */
export type DiffPiece = { at: number; kind: "same" | "added" | "removed"; text: string };

/** Longer texts, in characters, are compared line by line: comparing by words would take seconds. */
const WORDS_CHARS_MAX = 20_000;

/** The difference between two values, by words. */
export function wordDiff(before: unknown, after: unknown): DiffPiece[] {
  const [old, now] = [textOf(before), textOf(after)];
  const pieces = old.length + now.length > WORDS_CHARS_MAX ? diffLines(old, now) : diffWordsWithSpace(old, now);
  return pieces.map(({ value, added, removed }, at) => ({ at, kind: added ? "added" : removed ? "removed" : "same", text: value }));
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : prettyJson(value).text;
}
