import { PRICE_LISTS, type Price } from "./prices/index.ts";

export type { Price };

const PRICES: ReadonlyMap<string, Price> = new Map(PRICE_LISTS.flatMap(({ models }) => Object.entries(models)));

/** What hosts put around a provider's own name: a path (`openai/`), Bedrock's region and vendor (`us.anthropic.`) and revision (`-v1:0`). */
const SURROUNDINGS = /^(?:.*\/)?(?:(?:[a-z]+\.)*anthropic\.)?|-v\d+:\d+$/g;

/** A release of a model: `-2024-08-06`, `-20241022`, `@20250929` or `-latest` at the end of its name. */
const RELEASE = /[-@](\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/** The list price of a model, or null. A release without a price of its own has its model's. */
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
  const name = model.replaceAll(SURROUNDINGS, "");
  return PRICES.get(name) ?? PRICES.get(name.replace(RELEASE, "")) ?? null;
}
