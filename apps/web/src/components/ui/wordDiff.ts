import { diffLines, diffWordsWithSpace } from "diff";
import { prettyJson } from "./JsonView.tsx";

/** A piece of two texts: in both, in the one before alone, or in the one after alone. `at` is its place among the pieces. */
export type DiffPiece = { at: number; kind: "same" | "added" | "removed"; text: string };

/** Longer texts are compared line by line: words of so many would take seconds. */
const WORDS_CHARS_MAX = 20_000;

/** How a value became another one, by words. */
export function wordDiff(before: unknown, after: unknown): DiffPiece[] {
  const [old, now] = [textOf(before), textOf(after)];
  const pieces = old.length + now.length > WORDS_CHARS_MAX ? diffLines(old, now) : diffWordsWithSpace(old, now);
  return pieces.map(({ value, added, removed }, at) => ({ at, kind: added ? "added" : removed ? "removed" : "same", text: value }));
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : prettyJson(value).text;
}
