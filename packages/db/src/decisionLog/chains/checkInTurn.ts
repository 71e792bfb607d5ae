import type { SignedPlaces } from "../signedPlaces.ts";
import { atOneMoment } from "../snapshot.ts";
import { checkRange, type RangeFound } from "./checkRange.ts";

/**
 * What is checked, perhaps by several threads together: of `ranges` (conditions
 * on a `task_id`) each takes the one that `next` counts, until there is none.
 */
export type ChainWork = { databaseUrl: string; snapshot: string; ranges: readonly string[]; next: Int32Array; places: SignedPlaces };

/** Checks one range after another on a connection of its own; `tell` hears what was found in each. */
export async function checkInTurn(
  { databaseUrl, snapshot, ranges, next, places }: ChainWork,
  tell: (at: number, found: RangeFound) => void,
): Promise<void> {
  await atOneMoment(
    databaseUrl,
    async (client) => {
      // Along the index nothing is sorted, and no other process is asked to help: all cores are at work.
      await client.query("SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off");
      for (let at = Atomics.add(next, 0, 1); ; at = Atomics.add(next, 0, 1)) {
        const tasks = ranges[at];
        if (tasks === undefined) return;
        tell(at, await checkRange(client, { tasks, places }));
      }
    },
    snapshot,
  );
}
