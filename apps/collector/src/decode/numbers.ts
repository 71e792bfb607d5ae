/** A decimal integer as a number if a double holds it exactly, else as its text. */
export function exactNumber(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

/** A double, or its name in protobuf's JSON mapping for the three values that JSON lacks. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
