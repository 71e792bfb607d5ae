import type { Place } from "./place.ts";

const CHARS_MIN = 15;

/** Country, check digits, then up to 30 letters and digits, alone or in groups of four. The following word may look like the last group. */
const CANDIDATE = /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?/gi;

/** International Bank Account Numbers (ISO 13616): the longest prefix of each candidate whose check digits are right. */
export function ibansIn(text: string): Place[] {
  if (text.length < CHARS_MIN) return [];
  return Array.from(text.matchAll(CANDIDATE)).flatMap(({ index, 0: candidate }): Place[] => {
    for (let end = candidate.length; end >= CHARS_MIN; end -= 1) {
      if (candidate[end - 1] !== " " && isIban(candidate.slice(0, end).replaceAll(" ", ""))) return [[index, index + end]];
    }
    return [];
  });
}

/** ISO 7064: move the country and check digits to the end, read letters as numbers from 10; the remainder modulo 97 is 1. */
function isIban(iban: string): boolean {
  if (iban.length < CHARS_MIN) return false;
  let remainder = 0;
  for (const char of (iban.slice(4) + iban.slice(0, 4)).toUpperCase()) {
    const value = Number.parseInt(char, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
