import { endOfWord, REPEAT_MAX } from "./longMatches.ts";
import type { Place } from "./place.ts";

const PART = `[\\w-]{8,${REPEAT_MAX}}`;

/** Each part is read once, backwards from its dot: searching forwards from each `eyJ` would take quadratic time on a text full of them. */
const JSON_WEB_TOKEN = new RegExp(`(?<=\\b(eyJ${PART}))\\.${PART}\\.[\\w-]{0,${REPEAT_MAX}}`, "g");

/** JSON Web Tokens (RFC 7519): three base64url parts, the first of which encodes a text that begins with `{"`. */
export function jsonWebTokensIn(text: string): Place[] {
  return Array.from(text.matchAll(JSON_WEB_TOKEN), ({ index, 0: rest, 1: head = "" }): Place => {
    const end = index + rest.length;
    return [index - head.length, rest.length >= REPEAT_MAX ? endOfWord(text, end) : end];
  });
}

const KEY_BEGINS = /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----/g;
const KEY_ENDS = /-----END (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----/y;

/** Private keys in PEM (RFC 7468): up to the next five hyphens, or to the end of a text that is cut off. */
export function privateKeysIn(text: string): Place[] {
  return Array.from(text.matchAll(KEY_BEGINS), ({ index, 0: begin }): Place => {
    const hyphens = text.indexOf("-----", index + begin.length);
    if (hyphens === -1) return [index, text.length];
    KEY_ENDS.lastIndex = hyphens;
    return [index, KEY_ENDS.test(text) ? KEY_ENDS.lastIndex : hyphens];
  });
}
