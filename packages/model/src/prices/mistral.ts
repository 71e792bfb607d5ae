import type { PriceList } from "./priceList.ts";

/** Mistral AI. */
export const MISTRAL_PRICES: PriceList = {
  source: "https://mistral.ai/pricing/api",
  asOf: "2026-11",
  models: {
    "codestral-2508": { input: 0.3, output: 0.9, cached: 0.03 },
    "ministral-3b-2512": { input: 0.1, output: 0.1, cached: 0.01 },
    "ministral-8b-2512": { input: 0.15, output: 0.15, cached: 0.015 },
    "ministral-8b": { input: 0.15, output: 0.15, cached: 0.015 },
    "ministral-14b-2512": { input: 0.2, output: 0.2, cached: 0.02 },
    "mistral-small": { input: 0.15, output: 0.6, cached: 0.015 },
    "mistral-small-2603": { input: 0.15, output: 0.6, cached: 0.015 },
    "mistral-medium": { input: 1.5, output: 7.5, cached: 0.15 },
    "mistral-medium-3-5": { input: 1.5, output: 7.5, cached: 0.15 },
    "mistral-large-2512": { input: 0.5, output: 1.5, cached: 0.05 },
    "mistral-large-4": { input: 0.7, output: 2.1, cached: 0.07 },
  },
};
