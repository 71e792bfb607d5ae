import type { FindPlaces, Place } from "./place.ts";

/**
 * V8 keeps state for every iteration of a repeat and fails after some millions, so every repeat is bounded by this: `{8,${REPEAT_MAX}}`.
 */
export const REPEAT_MAX = 50_000;

/** Finds the matches of `patterns`, which have the flag g. A match as long as the bound of a repeat is extended to the next space. */
export const matches =
  (...patterns: readonly RegExp[]): FindPlaces =>
  (text) => {
    const places: Place[] = [];
    for (const pattern of patterns) {
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
        if (match[0].length >= REPEAT_MAX) pattern.lastIndex = endOfWord(text, pattern.lastIndex);
        places.push([match.index, pattern.lastIndex]);
      }
    }
    return places;
  };

/** The end of the word that continues at `from`. */
export function endOfWord(text: string, from: number): number {
  const SPACE = /\s/g;
  SPACE.lastIndex = from;
  return SPACE.exec(text)?.index ?? text.length;
}
