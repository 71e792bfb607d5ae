import type { SignedPlaces } from "../signedPlaces.ts";
import { atOneMoment } from "../snapshot.ts";
import { checkRange, type RangeFound } from "./checkRange.ts";
import { type SweepFound, sweepTasks } from "./sweepTasks.ts";

/**
 * What is read, perhaps by several threads together: of `ranges` (conditions on a `task_id`) each
 * takes the one that `next` counts, until there is none, and sweeps or checks it.
 */
export type ChainWork = {
  kind: "sweep" | "check";
  databaseUrl: string;
  snapshot: string;
  ranges: readonly string[];
  next: Int32Array;
  places: SignedPlaces;
};

/** What is told of chains: that so many more decisions were read, and what was found in the range at `at`. */
export type RangeNews =
  | { kind: "read"; events: number }
  | { kind: "swept"; at: number; found: SweepFound }
  | { kind: "checked"; at: number; found: RangeFound };

/** Reads one range after another on a connection of its own. */
export async function checkInTurn(
  { kind, databaseUrl, snapshot, ranges, next, places }: ChainWork,
  tell: (news: RangeNews) => void,
): Promise<void> {
  await atOneMoment(
    databaseUrl,
    async (client) => {
      // Along the index nothing is sorted, and no other process is asked to help: all cores are at work.
      await client.query("SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off");
      for (let at = Atomics.add(next, 0, 1); ; at = Atomics.add(next, 0, 1)) {
        const tasks = ranges[at];
        if (tasks === undefined) return;
        const scan = { tasks, places };
        if (kind === "sweep")
          tell({ kind: "swept", at, found: await sweepTasks(client, scan, (events) => tell({ kind: "read", events })) });
        else {
          const found = await checkRange(client, scan);
          tell({ kind: "read", events: found.events });
          tell({ kind: "checked", at, found });
        }
      }
    },
    snapshot,
  );
}
