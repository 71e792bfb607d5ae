import type { Checkpoint } from "@signalbox/model";
import type pg from "pg";
import { readCheckpoints, type StoredCheckpoint } from "./checkpointRows.ts";

/** The number of checkpoints read at a time. */
export const CHECKPOINTS_PAGE = 2_000;

/**
 * The range of log entries that each checkpoint signed: checkpoint `numbers[i]` those before `sizes[i]`,
 * and `last` (null: none exists) all signed ones. Plain values, which can be sent between threads.
 */
export type SignedPlaces = { last: Checkpoint | null; numbers: number[]; sizes: number[] };

/** Reads the extents of the checkpoints after `since`; an invalid checkpoint signed nothing. */
export async function readSignedPlaces(client: pg.ClientBase, since: StoredCheckpoint | undefined): Promise<SignedPlaces> {
  const places: SignedPlaces = { last: since?.checkpoint ?? null, numbers: [], sizes: [] };
  for (let from: number | undefined = (places.last?.number ?? 0) + 1; from !== undefined; ) {
    const rows = await readCheckpoints(client, from, CHECKPOINTS_PAGE);
    for (const { stored } of rows) {
      if (stored === undefined) continue;
      places.last = stored.checkpoint;
      places.numbers.push(stored.checkpoint.number);
      places.sizes.push(stored.checkpoint.size);
    }
    const end = rows.at(-1);
    from = end === undefined || rows.length < CHECKPOINTS_PAGE ? undefined : end.number + 1;
  }
  return places;
}

/** The first checkpoint that signed the entry at a position. */
export function checkpointAt({ last, numbers, sizes }: SignedPlaces, position: number): number {
  let [from, to] = [0, sizes.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sizes[middle] ?? 0) > position) to = middle;
    else from = middle + 1;
  }
  return numbers[from] ?? last?.number ?? 0;
}
