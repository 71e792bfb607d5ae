import type { Place } from "./place.ts";

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** Digits with at most one space or hyphen between them, enough for a card. */
const RUN = /(?<![\d.])\d(?:[ -]?\d){12,}(?![\d])/g;

/** Numbers of cards: a run of digits may have other groups around one ("1234 4111 1111 1111 1111"), so every row of whole groups is tried. */
export function cardsIn(text: string): Place[] {
  if (text.length < DIGITS_MIN) return [];
  return Array.from(text.matchAll(RUN)).flatMap(({ index, 0: run }) =>
    cardsInRun(run).map(([start, end]): Place => [index + start, index + end]),
  );
}

function cardsInRun(run: string): Place[] {
  const groups = Array.from(run.matchAll(/\d+/g), ({ index, 0: digits }) => ({ start: index, digits }));
  const cards: Place[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroupOfCard(groups, first);
    if (last === null) continue;
    const { start, digits } = groups[last] as (typeof groups)[number];
    cards.push([groups[first]?.start ?? 0, start + digits.length]);
    first = last;
  }
  return cards;
}

function lastGroupOfCard(groups: readonly { digits: string }[], first: number): number | null {
  let digits = "";
  for (let last = first; last < groups.length && digits.length < DIGITS_MAX; last += 1) {
    digits += groups[last]?.digits ?? "";
    if (isCard(digits)) return last;
  }
  return null;
}

/** The first digit is that of a card's maker (ISO/IEC 7812: 2 to 6), which times since 1970 do not have; the last is Luhn's check digit. */
function isCard(digits: string): boolean {
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX || !/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    sum += place % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}
