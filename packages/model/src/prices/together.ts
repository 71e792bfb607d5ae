import type { PriceList } from "./priceList.ts";

/** Open models of Meta, DeepSeek and Alibaba as hosted by Together AI, under its names for them. */
export const TOGETHER_PRICES: PriceList = {
  source: "https://www.together.ai/pricing",
  asOf: "2026-11",
  models: {
    "Meta-Llama-3.1-8B-Instruct-Turbo": { input: 0.18, output: 0.18 },
    "Meta-Llama-3.1-70B-Instruct-Turbo": { input: 0.88, output: 0.88 },
    "Llama-4-Scout-17B-16E-Instruct": { input: 0.18, output: 0.59 },
    "DeepSeek-V4.1-Flash": { input: 0.3, output: 1.2, cached: 0.006 },
    "DeepSeek-V4-Pro-0813": { input: 1.32, output: 3.96, cached: 0.13 },
    "Qwen3.7-Max": { input: 2.5, output: 7.5, cached: 0.5 },
  },
};
