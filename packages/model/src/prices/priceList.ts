/**
 * US dollars per million tokens. `cached` is for the part of the input that was read from a cache, `cacheWrite` for the part that was
 * written to one.
 */
export interface Price {
  input: number;
  output: number;
  cached?: number;
  cacheWrite?: number;
}

/** What models cost until a day (`2026-11-01`, UTC, not included): a span has the price of its own day. */
export interface FormerPrices {
  until: string;
  models: Readonly<Record<string, Price>>;
}

/**
 * What a provider asks for its models: `source` says where it says so, `asOf` when (year and
 * month). Where it asked for something else before, that is in `former`, the latest first.
 */
export interface PriceList {
  source: string;
  asOf: string;
  models: Readonly<Record<string, Price>>;
  former?: readonly FormerPrices[];
}
