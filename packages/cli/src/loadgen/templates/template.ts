/** A request that is encoded once; ids and times are overwritten for each one sent. */
export interface Template {
  body: Buffer;
  spans: number;
  /**
   * Turns the body into that of a request whose spans are numbered from `firstSpan` on, with times that count from
   * `baseMs` (milliseconds since 1970). If the template supports it, `isUpdated` gives the same spans with later ends.
   */
  patch(firstSpan: number, baseMs: number, isUpdated?: boolean): void;
}
