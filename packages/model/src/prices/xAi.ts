import type { PriceList } from "./priceList.ts";

/** xAI. Prompts beyond 200,000 tokens cost more. */
export const XAI_PRICES: PriceList = {
  source: "https://docs.x.ai/docs/models",
  asOf: "2026-11",
  models: {
    "grok-4.20": { input: 1.25, output: 2.5, cached: 0.2 },
    "grok-4.3": { input: 1.25, output: 2.5, cached: 0.2 },
    "grok-4.5": { input: 2, output: 6, cached: 0.3 },
    "grok-4.6": { input: 2, output: 6, cached: 0.5 },
    "grok-4.7": { input: 2, output: 6, cached: 0.5 },
    "grok-build-0.1": { input: 1, output: 2, cached: 0.2 },
  },
};
