/** A decimal integer as a number where a double holds it exactly, as its text otherwise. */
export function exactNumber(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

/** A double, or the name that protobuf's JSON mapping gives to the three values that JSON lacks. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
