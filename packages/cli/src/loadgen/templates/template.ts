/** A request that is encoded once; for each one sent, ids and times are written over the last ones. */
export interface Template {
  body: Buffer;
  spans: number;
  /**
   * Makes the body that of a request whose spans are numbered from `firstSpan` on, with times that count from `baseMs` (milliseconds since
   * 1970). Where it can be, it is updated: the same spans end later.
   */
  patch(firstSpan: number, baseMs: number, isUpdated?: boolean): void;
}
