import type { FindPlaces, Place } from "./place.ts";

/**
 * V8 remembers every turn of a repeat and fails after some millions of them, so no repeat has more turns than this: `{8,${REPEAT_MAX}}`.
 */
export const REPEAT_MAX = 50_000;

/** What `patterns` match. They have the flag g; what is as long as a repeat can be goes on to the next space. */
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

/** Where the word ends that goes on at `from`. */
export function endOfWord(text: string, from: number): number {
  const SPACE = /\s/g;
  SPACE.lastIndex = from;
  return SPACE.exec(text)?.index ?? text.length;
}
