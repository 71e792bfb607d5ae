import type { PriceList } from "./priceList.ts";

/** Moonshot AI (Kimi). */
export const MOONSHOT_PRICES: PriceList = {
  source: "https://platform.kimi.ai/docs/pricing/chat",
  asOf: "2026-11",
  models: {
    "kimi-k2.5": { input: 0.6, output: 3, cached: 0.1 },
    "kimi-k2.6": { input: 0.95, output: 4, cached: 0.16 },
    "kimi-k2.7-code": { input: 0.95, output: 4, cached: 0.19 },
    "kimi-k3": { input: 3, output: 15, cached: 0.3 },
    "kimi-k3.1-pro": { input: 2, output: 10, cached: 0.2 },
  },
};
