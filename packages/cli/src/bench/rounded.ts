/** A number with so many digits behind its point. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
