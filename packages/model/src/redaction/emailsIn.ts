import type { Place } from "./place.ts";

const LOCAL_PART_MAX = 64;
const LOCAL_PART = /[\p{L}\p{N}._%+'-]+$/u;
const DOMAIN = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/uy;

/** E-mail addresses. The search starts at each @, so that a text without one costs nothing. */
export function emailsIn(text: string): Place[] {
  const emails: Place[] = [];
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const localPart = LOCAL_PART.exec(text.slice(Math.max(0, at - LOCAL_PART_MAX), at))?.[0];
    if (localPart === undefined) continue;
    DOMAIN.lastIndex = at + 1;
    if (DOMAIN.test(text)) emails.push([at - localPart.length, DOMAIN.lastIndex]);
  }
  return emails;
}
