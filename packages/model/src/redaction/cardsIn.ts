import type { Place } from "./place.ts";

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** A quick test for enough digits. */
const ENOUGH_DIGITS = /\d(?:[ \u00A0\u202F.-]{0,2}\d){12}/;

/** A longer run of digits is split because the repeat is bounded; it contains no card. */
const GROUP = /\d{1,100}/g;

/** The separator between two groups of a card. A dot counts too, where no decimals follow it. */
const SEPARATOR = /^[ \u00A0\u202F-]{1,2}$/;
const AFTER_DOT = /^\d{4,6}$/;

/** A run of digits, and its relation to the run before it: part of the same card, of one long number, or neither. */
interface Group {
  start: number;
  digits: string;
  follows: "in a card" | "in a number" | "nothing";
}

/** Card numbers. Other groups may stand around one ("1234 4111 1111 1111 1111"), so every sequence of whole groups is tried. */
export function cardsIn(text: string): Place[] {
  if (!ENOUGH_DIGITS.test(text)) return [];
  const groups = groupsOf(text);
  const cards: Place[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroupOfCard(groups, first);
    if (last === null) continue;
    const { start, digits } = groups[last] as Group;
    cards.push([groups[first]?.start ?? 0, start + digits.length]);
    first = last;
  }
  return cards;
}

function groupsOf(text: string): Group[] {
  let end = -1;
  return Array.from(text.matchAll(GROUP), ({ index: start, 0: digits }) => {
    const between = end === -1 || start - end > 2 ? null : text.slice(end, start);
    end = start + digits.length;
    return { start, digits, follows: followsOf(between, digits) };
  });
}

function followsOf(between: string | null, digits: string): Group["follows"] {
  if (between === null) return "nothing";
  if (between === "") return "in a number";
  if (between === ".") return AFTER_DOT.test(digits) ? "in a card" : "in a number";
  return SEPARATOR.test(between) ? "in a card" : "nothing";
}

function lastGroupOfCard(groups: readonly Group[], first: number): number | null {
  if (groups[first]?.follows === "in a number") return null;
  let digits = "";
  for (let last = first; last < groups.length && digits.length < DIGITS_MAX; last += 1) {
    if (last > first && groups[last]?.follows !== "in a card") return null;
    digits += groups[last]?.digits ?? "";
    if (isCard(digits)) return last;
  }
  return null;
}

/** The first digit identifies the issuer (ISO/IEC 7812: 2 to 6), which excludes times since 1970; the last is Luhn's check digit. */
function isCard(digits: string): boolean {
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX || !/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    sum += place % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}
