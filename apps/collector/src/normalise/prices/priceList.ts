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

/** What a provider asks for its models: `source` says where it says so, `asOf` when (year and month). */
export interface PriceList {
  source: string;
  asOf: string;
  models: Readonly<Record<string, Price>>;
}
