import { type JsonObject, parseJsonObjects } from "../jsonBody.ts";
import { requireAtMost } from "../malformedBody.ts";
import { ITEMS_MAX } from "./track.ts";

/** The most keys in one request: an exporter has one, and each costs a look-up, whoever sends it. */
const KEYS_MAX = 100;

/** The items of a request with the same instrumentation key, and their positions in it. */
export interface KeyedItems {
  items: JsonObject[];
  positions: number[];
}

/**
 * Groups the items of an uncompressed track request by instrumentation key; items without one are under an empty text. Throws
 * `MalformedBody`.
 */
export function itemsByKey(body: Buffer): Map<string, KeyedItems> {
  const byKey = new Map<string, KeyedItems>();
  for (const [position, item] of parseJsonObjects(body, ITEMS_MAX).entries()) {
    const key = typeof item.iKey === "string" ? item.iKey : "";
    const keyed = byKey.get(key) ?? { items: [], positions: [] };
    keyed.items.push(item);
    keyed.positions.push(position);
    requireAtMost(byKey.set(key, keyed).size, KEYS_MAX, "instrumentation keys in one request");
  }
  return byKey;
}
