import type pg from "pg";
import { copyRows } from "../copyRows.ts";
import { ChainSweep } from "./chainSweep.ts";
import { decisionsOf } from "./decisionRow.ts";
import { unknownToNews } from "./news.ts";
import { type ChainScan, readSignedChains } from "./signedChains.ts";

/**
 * The result of a sweep: the number of whole chains (`tasks`), of their decisions (`events`), and of those after the last signed one
 * (`eventsAfter`); and `suspects`, the tasks that have to be checked decision by decision. Plain values, which can be sent between threads.
 */
export type SweepFound = { tasks: number; events: number; eventsAfter: number; suspects: string[] };

/** The number of decisions between two reports of progress. */
const PROGRESS_EVENTS = 20_000;

/**
 * Separates whole chains from suspects. Reads the store from beginning to end: tasks' ids are random, so that
 * along their index every decision would be on another page. The state of each chain is kept in memory meanwhile.
 */
export async function sweepTasks(client: pg.ClientBase, scan: ChainScan, progress: (events: number) => void): Promise<SweepFound> {
  const sweep = new ChainSweep(await readSignedChains(client, scan));
  // A scan that joins another one starts in the middle, where every chain would begin in its middle too.
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
