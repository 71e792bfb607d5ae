import type { PriceList } from "./priceList.ts";

/** Anthropic. The cache-write price is that of the five-minute cache. */
export const ANTHROPIC_PRICES: PriceList = {
  source: "https://platform.claude.com/docs/en/about-claude/pricing",
  asOf: "2026-11",
  models: {
    "claude-haiku-4-5": { input: 1, output: 5, cached: 0.1, cacheWrite: 1.25 },
    "claude-sonnet-4-5": { input: 3, output: 15, cached: 0.3, cacheWrite: 3.75 },
    "claude-sonnet-4-6": { input: 3, output: 15, cached: 0.3, cacheWrite: 3.75 },
    "claude-opus-4-5": { input: 5, output: 25, cached: 0.5, cacheWrite: 6.25 },
    "claude-opus-4-6": { input: 5, output: 25, cached: 0.5, cacheWrite: 6.25 },
    "claude-opus-4-7": { input: 5, output: 25, cached: 0.5, cacheWrite: 6.25 },
    "claude-opus-4-8": { input: 5, output: 25, cached: 0.5, cacheWrite: 6.25 },
    "claude-sonnet-5": { input: 2, output: 10, cached: 0.2, cacheWrite: 2.5 },
    "claude-sonnet-5-5": { input: 2, output: 10, cached: 0.1, cacheWrite: 2.5 },
    "claude-opus-5": { input: 5, output: 25, cached: 0.5, cacheWrite: 6.25 },
    "claude-opus-5-5": { input: 4, output: 20, cached: 0.2, cacheWrite: 5 },
    "claude-haiku-5-5": { input: 0.1, output: 0.5, cached: 0.01, cacheWrite: 0.125 },
    "claude-fable-5": { input: 10, output: 50, cached: 1, cacheWrite: 12.5 },
    "claude-fable-5-1": { input: 10, output: 50, cached: 0.25, cacheWrite: 12.5 },
  },
};
