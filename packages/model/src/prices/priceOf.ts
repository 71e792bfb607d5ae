import type { Price, PriceList } from "./priceList.ts";
import { PRICE_LISTS } from "./priceLists.ts";

const MS_PER_DAY = 86_400_000;

/** The day of a time (milliseconds since 1970), in days since 1970, UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / MS_PER_DAY);
}

/** A price that applied until a day (days since 1970, exclusive). */
interface DatedPrice {
  until: number;
  price: Price;
}

/**
 * Decorations that hosts add to a provider's model name: a path (`openai/`),
 * Bedrock's region and vendor (`us.anthropic.`) and revision (`-v1:0`).
 */
const SURROUNDINGS = /^(?:.*\/)?(?:(?:[a-z]+\.)*anthropic\.)?|-v\d+:\d+$/g;

/** The release at the end of a model's name: `-2024-08-06`, `-20241022`, `@20250929` or `-latest`. */
const RELEASE = /[-@](\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/** The most model names whose prices are cached. */
const NAMES_KNOWN_MAX = 1_000;

/** The list price of a model on a day (`dayOf`), or null. A release without a price of its own has that of its model. */
export type PriceOf = (model: string, day: number) => Price | null;

/** Builds a lookup over price lists that is fast enough to be asked about every span. */
export function priceTable(lists: readonly PriceList[]): PriceOf {
  const prices = new Map<string, DatedPrice[]>();
  const add = (models: PriceList["models"], until: number): void => {
    for (const [model, price] of Object.entries(models)) prices.set(model, [{ until, price }, ...(prices.get(model) ?? [])]);
  };
  for (const { models, former = [] } of lists) {
    add(models, Number.POSITIVE_INFINITY);
    for (const { until, models: before } of former) add(before, dayOf(Date.parse(until)));
  }
  const asked = new Map<string, readonly DatedPrice[]>();

  return (model, day) => {
    let dated = asked.get(model);
    if (dated === undefined) {
      if (asked.size >= NAMES_KNOWN_MAX) asked.clear();
      const name = model.replaceAll(SURROUNDINGS, "");
      dated = prices.get(name) ?? prices.get(name.replace(RELEASE, "")) ?? [];
      asked.set(model, dated);
    }
    for (const { until, price } of dated) if (day < until) return price;
    return null;
  };
}

/**
 * The price of a model on a day, in US dollars per million tokens as its provider
 * lists it (each list names its page and month); null where no list has it.
 */
export const priceOf: PriceOf = priceTable(PRICE_LISTS);
