/**
 * A time as a connection of `atOneMoment` reads it, `2026-11-26 08:00:00.5+00`, of
 * a column with milliseconds. Anything more, such as ` BC`, makes it another time.
 */
export const STORED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,2}[1-9])?\+00$/;

/** A finite float8. Minus zero is another one than the zero that JSON makes of it. */
const STORED_NUMBER = /^(?!-0$)-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;

/**
 * A number as JSON has it, of a field of `COPY`; undefined where the field
 * is none, such as NaN, or one that JSON has no text of its own for.
 */
export function numberText(field: string): string | undefined {
  return STORED_NUMBER.test(field) ? JSON.stringify(Number(field)) : undefined;
}
