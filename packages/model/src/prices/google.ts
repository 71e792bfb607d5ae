import type { PriceList } from "./priceList.ts";

/** Google's Gemini API. Prompts beyond 200,000 tokens cost more with the Pro models; models with an announced price change are left out. */
export const GOOGLE_PRICES: PriceList = {
  source: "https://ai.google.dev/gemini-api/docs/pricing",
  asOf: "2026-11",
  models: {
    "gemini-2.5-pro": { input: 1.25, output: 10, cached: 0.125 },
    "gemini-2.5-flash": { input: 0.3, output: 2.5, cached: 0.03 },
    "gemini-2.5-flash-lite": { input: 0.1, output: 0.4, cached: 0.01 },
    "gemini-3-flash-preview": { input: 0.5, output: 3, cached: 0.05 },
    "gemini-3.1-pro-preview": { input: 2, output: 12, cached: 0.2 },
    "gemini-3.1-flash-lite": { input: 0.25, output: 1.5, cached: 0.025 },
    "gemini-3.5-flash": { input: 1.5, output: 9, cached: 0.15 },
    "gemini-3.5-flash-lite": { input: 0.3, output: 2.5, cached: 0.03 },
    "gemini-embedding-001": { input: 0.15, output: 0 },
    "gemini-embedding-2": { input: 0.2, output: 0 },
  },
};
