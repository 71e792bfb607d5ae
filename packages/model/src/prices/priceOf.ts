import type { Price, PriceList } from "./priceList.ts";
import { PRICE_LISTS } from "./priceLists.ts";

const MS_PER_DAY = 86_400_000;

/** The day of a moment (milliseconds since 1970), in days since 1970, UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / MS_PER_DAY);
}

/** A price until a day (days since 1970, not included). */
interface DatedPrice {
  until: number;
  price: Price;
}

/**
 * What hosts put around a provider's own name: a path (`openai/`), Bedrock's region and vendor (`us.anthropic.`) and revision (`-v1:0`).
 */
const SURROUNDINGS = /^(?:.*\/)?(?:(?:[a-z]+\.)*anthropic\.)?|-v\d+:\d+$/g;

/** A release of a model: `-2024-08-06`, `-20241022`, `@20250929` or `-latest` at the end of its name. */
const RELEASE = /[-@](\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/** How many names of models are remembered with what they cost. */
const NAMES_KNOWN_MAX = 1_000;

/** Finds the list price of a model on a day (`dayOf`), or null. A release without a price of its own has its model's. */
export type PriceOf = (model: string, day: number) => Price | null;

/** Makes a table of prices ready to be asked about many spans. */
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
 * What a model cost on a day, in US dollars per million tokens as its provider
 * lists it (each list names its page and month); null where no list has it.
 */
export const priceOf: PriceOf = priceTable(PRICE_LISTS);
