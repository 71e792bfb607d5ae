import type { AirlineTable } from "@signalbox/model";
import { type WorldText, writeWorld } from "./dataHash.ts";

/** How many worlds are kept; each takes some megabytes. */
const WORLDS_MAX = 4;

/**
 * Reads the texts of worlds and caches the last few: a loaded world never changes. A world that could not be read is tried again at the
 * next request.
 */
export function keepWorldTexts(
  readWorld: (world: string) => Promise<Readonly<Record<AirlineTable, ReadonlyMap<string, object>>>>,
): (world: string) => Promise<WorldText> {
  const kept = new Map<string, Promise<WorldText>>();
  return (world) => {
    const text = kept.get(world) ?? readWorld(world).then(writeWorld);
    kept.delete(world);
    kept.set(world, text);
    text.catch(() => kept.delete(world));
    const [oldest] = kept.keys();
    if (kept.size > WORLDS_MAX && oldest !== undefined) kept.delete(oldest);
    return text;
  };
}
