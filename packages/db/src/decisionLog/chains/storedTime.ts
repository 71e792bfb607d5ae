/** PostgreSQL's epoch, 2000-01-01T00:00:00Z, in milliseconds since 1970. */
const EPOCH_MS = 946_684_800_000;

const DAY_MS = 86_400_000;
const ZERO = 0x30;
const COLON = 0x3a;

/** The length of a date and its `T`: `2026-11-26T` in `2026-11-26T08:00:00.500Z`. */
const DATE_LENGTH = 11;
const TIME_LENGTH = 24;

/** From this multiple of 2^32 microseconds (142 years after 2000) on, a number may not hold the time exactly. */
const HIGH_MAX = 2 ** 20;

/** A year of four digits. */
const FOUR_DIGITS = /^(?!0000)\d{4}-/;

/**
 * PostgreSQL's microseconds since 2000 as ISO 8601 with milliseconds. Throws where
 * that cannot be exact: infinity, fractions of a millisecond, years before Christ.
 */
export function isoTimeOf(micros: bigint): string {
  if (micros % 1_000n !== 0n) throw new TypeError("not a time with milliseconds");
  const text = new Date(Number(micros / 1_000n) + EPOCH_MS).toISOString();
  if (!FOUR_DIGITS.test(text)) throw new TypeError("not a time with a year of four digits");
  return text;
}

/** Writes times like `isoTimeOf`, without a string for each: most fall on the same day as the one before. */
export class TimeWriter {
  #day = Number.NaN;
  #date: Buffer = Buffer.alloc(DATE_LENGTH);

  /** Writes the time of `high` * 2^32 + `low` microseconds into `text`; returns its end, or -1 where it has to be done the slow way. */
  write(text: Uint8Array, at: number, high: number, low: number): number {
    if (high < -HIGH_MAX || high >= HIGH_MAX) return -1;
    const micros = high * 2 ** 32 + (low >>> 0);
    const millis = Math.floor(micros / 1_000);
    if (millis * 1_000 !== micros) return -1;
    const day = Math.floor((millis + EPOCH_MS) / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = Buffer.from(new Date(day * DAY_MS).toISOString().slice(0, DATE_LENGTH));
    }
    for (let index = 0; index < DATE_LENGTH; index += 1) text[at + index] = this.#date[index] as number;
    writeTimeOfDay(text, at + DATE_LENGTH, millis + EPOCH_MS - day * DAY_MS);
    return at + TIME_LENGTH;
  }
}

function writeTimeOfDay(text: Uint8Array, at: number, millis: number): void {
  const seconds = Math.floor(millis / 1_000);
  const minutes = Math.floor(seconds / 60);
  writeDigits(text, at, 2, Math.floor(minutes / 60));
  text[at + 2] = COLON;
  writeDigits(text, at + 3, 2, minutes % 60);
  text[at + 5] = COLON;
  writeDigits(text, at + 6, 2, seconds % 60);
  text[at + 8] = 0x2e;
  writeDigits(text, at + 9, 3, millis % 1_000);
  text[at + 12] = 0x5a;
}

function writeDigits(text: Uint8Array, at: number, count: number, number: number): void {
  let rest = number;
  for (let index = count - 1; index >= 0; index -= 1) {
    text[at + index] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
