import type { PriceList } from "./priceList.ts";

/** The last list prices of models that Anthropic no longer lists; traces with them are still read. */
export const RETIRED_PRICES: PriceList = {
  source: "https://www.anthropic.com/pricing",
  asOf: "2025-05",
  models: {
    "claude-3-haiku": { input: 0.25, output: 1.25, cached: 0.03, cacheWrite: 0.3 },
    "claude-3-5-haiku": { input: 0.8, output: 4, cached: 0.08, cacheWrite: 1 },
    "claude-3-5-sonnet": { input: 3, output: 15, cached: 0.3, cacheWrite: 3.75 },
    "claude-3-7-sonnet": { input: 3, output: 15, cached: 0.3, cacheWrite: 3.75 },
    "claude-sonnet-4": { input: 3, output: 15, cached: 0.3, cacheWrite: 3.75 },
    "claude-3-opus": { input: 15, output: 75, cached: 1.5, cacheWrite: 18.75 },
    "claude-opus-4": { input: 15, output: 75, cached: 1.5, cacheWrite: 18.75 },
  },
};
