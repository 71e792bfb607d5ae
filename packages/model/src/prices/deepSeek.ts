import type { PriceList } from "./priceList.ts";

/** DeepSeek, at peak hours; off-peak it charges half. */
export const DEEPSEEK_PRICES: PriceList = {
  source: "https://api-docs.deepseek.com/quick_start/pricing",
  asOf: "2026-11",
  models: {
    "deepseek-v4-flash": { input: 0.3, output: 1.2, cached: 0.006 },
    "deepseek-v4-pro": { input: 1.32, output: 3.96, cached: 0.044 },
  },
};
