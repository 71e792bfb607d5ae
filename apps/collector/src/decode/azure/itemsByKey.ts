import { type JsonObject, parseJsonObjects } from "../jsonBody.ts";
import { requireAtMost } from "../malformedBody.ts";
import { ITEMS_MAX } from "./track.ts";

/** An exporter has one. Each costs a look-up, of whoever sends them. */
const KEYS_MAX = 100;

/** The items of a request that came with one instrumentation key, and their positions in it. */
export interface KeyedItems {
  items: JsonObject[];
  positions: number[];
}

/** The items of an uncompressed track request by the key that each names; an empty text where it names none. Throws `MalformedBody`. */
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
