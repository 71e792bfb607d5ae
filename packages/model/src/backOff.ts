/** The pauses between tries of something that fails, in milliseconds: the first, and the longest. */
export interface BackOff {
  readonly firstMs: number;
  readonly msMax: number;
}

/** The pause after so many failures in a row (one or more), in milliseconds: each failure after the first doubles it. */
export function backOffMs({ firstMs, msMax }: BackOff, failures: number): number {
  return Math.min(msMax, firstMs * 2 ** (failures - 1));
}
