/** A score in a column: three decimals, so that values line up. */
export function formatScore(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(3);
}

/** A score in running text: `1`, `0.5`, `0.667`. */
export function briefScore(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** A difference of scores with its sign. */
export function formatChange(value: number | null): string {
  return value === null ? "unknown" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;
}
