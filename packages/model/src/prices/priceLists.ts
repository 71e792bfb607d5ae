import { ANTHROPIC_PRICES } from "./anthropic.ts";
import { DEEPSEEK_PRICES } from "./deepSeek.ts";
import { GOOGLE_PRICES } from "./google.ts";
import { MISTRAL_PRICES } from "./mistral.ts";
import { MOONSHOT_PRICES } from "./moonshot.ts";
import { OPENAI_PRICES } from "./openAi.ts";
import type { PriceList } from "./priceList.ts";
import { RETIRED_PRICES } from "./retired.ts";
import { TOGETHER_PRICES } from "./together.ts";
import { XAI_PRICES } from "./xAi.ts";

/**
 * Public list prices without discounts, batches or length tiers: enough for an estimate. A model
 * on whose price two independent collections disagreed is left out: unknown stays unknown.
 */
export const PRICE_LISTS: readonly PriceList[] = [
  OPENAI_PRICES,
  ANTHROPIC_PRICES,
  GOOGLE_PRICES,
  MISTRAL_PRICES,
  DEEPSEEK_PRICES,
  XAI_PRICES,
  MOONSHOT_PRICES,
  TOGETHER_PRICES,
  RETIRED_PRICES,
];
