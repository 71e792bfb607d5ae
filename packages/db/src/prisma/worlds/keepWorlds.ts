import type { Scene } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import type { OverlaidDocument, WorldStore } from "./worldStore.ts";

/** The number of cached worlds; each takes some megabytes. */
const WORLDS_MAX = 8;

/** Reads worlds, and caches the last few: a loaded world never changes. Failures are not cached. */
export function keepWorlds<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
): (scene: Scene) => Promise<(overlaid: readonly OverlaidDocument[]) => Reader> {
  const kept = new Map<string, ReturnType<typeof store.openWorld>>();
  return ({ domain, world }) => {
    const key = JSON.stringify([domain, world]);
    const opened = kept.get(key) ?? store.openWorld(prisma, { domain, world });
    kept.delete(key);
    kept.set(key, opened);
    // Only an existing world evicts another.
    opened.then(
      () => {
        const [oldest] = kept.keys();
        if (kept.size > WORLDS_MAX && oldest !== undefined) kept.delete(oldest);
      },
      () => kept.get(key) === opened && kept.delete(key),
    );
    return opened;
  };
}
