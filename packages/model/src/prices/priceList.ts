/** US dollars per million tokens. `cached` applies to input read from a cache, `cacheWrite` to input written to one. */
export interface Price {
  input: number;
  output: number;
  cached?: number;
  cacheWrite?: number;
}

/** The prices that applied until a day (`2026-11-01`, UTC, exclusive): a span is charged the price of its own day. */
export interface FormerPrices {
  until: string;
  models: Readonly<Record<string, Price>>;
}

/**
 * A provider's list prices: `source` is the page that states them, `asOf` the
 * year and month it was read. `former` holds earlier prices, latest first.
 */
export interface PriceList {
  source: string;
  asOf: string;
  models: Readonly<Record<string, Price>>;
  former?: readonly FormerPrices[];
}
