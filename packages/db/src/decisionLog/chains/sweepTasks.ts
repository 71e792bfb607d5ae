import type pg from "pg";
import { copyRows } from "../copyRows.ts";
import { ChainSweep } from "./chainSweep.ts";
import { decisionsOf } from "./decisionRow.ts";
import { unknownToNews } from "./news.ts";
import { type ChainScan, readSignedChains } from "./signedChains.ts";

/**
 * What a sweep found: whole chains of `tasks`, of `events` decisions, of which `eventsAfter` came after the last that
 * is signed; and `suspects`, the tasks that have to be checked decision by decision. Plain values, for other threads.
 */
export type SweepFound = { tasks: number; events: number; eventsAfter: number; suspects: string[] };

/** So many decisions are read between two words of progress. */
const PROGRESS_EVENTS = 20_000;

/**
 * Tells chains that are whole from those that have to be looked at. The store is read from its beginning to its end: tasks' ids
 * are random, and along their index every decision would be on a page of its own. What is known of each chain is kept in memory meanwhile.
 */
export async function sweepTasks(client: pg.ClientBase, scan: ChainScan, progress: (events: number) => void): Promise<SweepFound> {
  const sweep = new ChainSweep(await readSignedChains(client, scan));
  // A scan that joins another one begins in the middle, and every chain there would be read from its middle on.
  await client.query("SET LOCAL synchronize_seqscans = off; SET LOCAL enable_indexscan = off");
  let read = 0;
  await copyRows(client, decisionsOf(scan.tasks), (row) => {
    sweep.next(row);
    read += 1;
    if (read % PROGRESS_EVENTS === 0) progress(PROGRESS_EVENTS);
  });
  await client.query("SET LOCAL enable_indexscan = on");
  progress(read % PROGRESS_EVENTS);
  const { whole, suspects } = sweep.end();
  const long = whole.filter(({ seq, signed }) => seq > (signed?.last.seq ?? -1)).map(({ taskId }) => taskId);
  const unknown = new Set(await unknownToNews(client, long));
  const found: SweepFound = { tasks: 0, events: 0, eventsAfter: 0, suspects: [...suspects, ...unknown] };
  for (const { taskId, seq, signed } of whole) {
    if (unknown.has(taskId)) continue;
    found.tasks += 1;
    found.events += seq + 1;
    found.eventsAfter += seq - (signed?.last.seq ?? -1);
  }
  return found;
}
