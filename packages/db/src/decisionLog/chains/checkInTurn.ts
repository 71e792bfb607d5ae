import type { SignedPlaces } from "../signedPlaces.ts";
import { atOneMoment } from "../snapshot.ts";
import { checkRange, type RangeFound } from "./checkRange.ts";
import { type SweepFound, sweepTasks } from "./sweepTasks.ts";

/**
 * Work shared by several threads: each takes the next of `ranges` (conditions on a
 * `task_id`) by the shared counter `next`, until none is left, and sweeps or checks it.
 */
export type ChainWork = {
  kind: "sweep" | "check";
  databaseUrl: string;
  snapshot: string;
  ranges: readonly string[];
  next: Int32Array;
  places: SignedPlaces;
};

/** Progress on chains: more decisions read, or the findings in the range at index `at`. */
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
      // Reading along the index needs no sort, and no parallel workers: all cores are busy already.
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
