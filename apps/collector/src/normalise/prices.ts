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

/** What a provider asked for its models: `source` says where, `asOf` when (year and month). */
interface PriceList {
  source: string;
  asOf: string;
  models: Readonly<Record<string, Price>>;
}

/** Public list prices without discounts, batches or tiers: enough for an estimate, and an estimate is what they are used for. */
const PRICE_LISTS: readonly PriceList[] = [
  {
    source: "https://openai.com/api/pricing",
    asOf: "2024-10",
    models: {
      "gpt-4o": { input: 2.5, output: 10, cached: 1.25 },
      "gpt-4o-2024-05-13": { input: 5, output: 15 },
      "gpt-4o-mini": { input: 0.15, output: 0.6, cached: 0.075 },
      o1: { input: 15, output: 60, cached: 7.5 },
      "gpt-4-turbo": { input: 10, output: 30 },
      "gpt-4": { input: 30, output: 60 },
      "gpt-3.5-turbo": { input: 0.5, output: 1.5 },
      "text-embedding-3-small": { input: 0.02, output: 0 },
      "text-embedding-3-large": { input: 0.13, output: 0 },
    },
  },
  {
    source: "https://openai.com/api/pricing",
    asOf: "2025-08",
    models: {
      "gpt-4.1": { input: 2, output: 8, cached: 0.5 },
      "gpt-4.1-mini": { input: 0.4, output: 1.6, cached: 0.1 },
      "gpt-4.1-nano": { input: 0.1, output: 0.4, cached: 0.025 },
      o3: { input: 2, output: 8, cached: 0.5 },
      "o4-mini": { input: 1.1, output: 4.4, cached: 0.275 },
      "gpt-5": { input: 1.25, output: 10, cached: 0.125 },
      "gpt-5-mini": { input: 0.25, output: 2, cached: 0.025 },
      "gpt-5-nano": { input: 0.05, output: 0.4, cached: 0.005 },
    },
  },
  {
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
  },
];

const PRICES: ReadonlyMap<string, Price> = new Map(PRICE_LISTS.flatMap(({ models }) => Object.entries(models)));

/** A release of a model: `-2024-08-06`, `-20241022` or `-latest` at the end of its name. */
const RELEASE = /-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * The list price of a model, or null. A release without a price of its own has its model's; a router's `openai/` in front does not
 * matter.
 */
export function priceOf(model: string): Price | null {
  const known = pricesAsked.get(model);
  if (known !== undefined) return known;
  if (pricesAsked.size >= PRICES_ASKED_MAX) pricesAsked.clear();
  const price = findPrice(model);
  pricesAsked.set(model, price);
  return price;
}

/** What was found for the names that models have had so far. */
const pricesAsked = new Map<string, Price | null>();
const PRICES_ASKED_MAX = 1_000;

function findPrice(model: string): Price | null {
  const name = model.slice(model.lastIndexOf("/") + 1);
  return PRICES.get(name) ?? PRICES.get(name.replace(RELEASE, "")) ?? null;
}
