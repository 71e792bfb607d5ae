/** The relative resolution: one part in this many. */
const PRECISION = 128;
const PRECISION_BITS = Math.log2(PRECISION);

/** Buckets up to the longest latency that is distinguished: 2^32 microseconds, over an hour. */
const BUCKETS = (32 - PRECISION_BITS + 1) * PRECISION;

/**
 * A histogram of latencies with buckets that grow with them: a few fixed
 * kilobytes for any number of values, and every quantile accurate to 1/128.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #maxUs = 0;

  get count(): number {
    return this.#count;
  }

  /** The largest value recorded, in milliseconds. */
  get maxMs(): number {
    return this.#maxUs / 1_000;
  }

  record(ms: number): void {
    const us = Math.min(2 ** 32 - 1, Math.max(0, Math.round(ms * 1_000)));
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#maxUs = Math.max(this.#maxUs, us);
  }

  /** The smallest latency that at least the share `quantile` of all do not exceed, in milliseconds; 0 where there are none. */
  quantileMs(quantile: number): number {
    const wanted = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return Math.min(this.#maxUs, largestOf(bucket)) / 1_000;
    }
    return 0;
  }
}

/** Below twice the precision a bucket is one microsecond wide; above, each doubling has `PRECISION` buckets. */
function bucketOf(us: number): number {
  const doublings = Math.max(0, 31 - Math.clz32(us) - PRECISION_BITS);
  return doublings * PRECISION + Math.floor(us / 2 ** doublings);
}

function largestOf(bucket: number): number {
  const doublings = Math.max(0, Math.floor(bucket / PRECISION) - 1);
  return (bucket - doublings * PRECISION + 1) * 2 ** doublings - 1;
}
