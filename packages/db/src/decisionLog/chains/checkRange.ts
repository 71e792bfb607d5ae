import type { Finding } from "@signalbox/model";
import type pg from "pg";
import { copyRows } from "../copyRows.ts";
import { FINDINGS_MAX, type Findings, note } from "../findings.ts";
import { ChainWalk, type ReadChain } from "./chainWalk.ts";
import { decisionsOf } from "./decisionRow.ts";
import { unknownToNews } from "./news.ts";
import { type ChainScan, readSignedChains, type SignedChain } from "./signedChains.ts";

/**
 * What was found in chains of `tasks`, of `events` decisions; `eventsAfter` came after
 * the last of their tasks that a checkpoint signed. Plain values, for other threads.
 */
export type RangeFound = Findings & { tasks: number; events: number; eventsAfter: number };

/**
 * A chain that goes on beyond what is signed of it, which the next checkpoint
 * has to know of: signed up to `signedSeq` (-1: not at all) by `checkpoint`.
 */
type LongChain = { taskId: string; signedSeq: number; checkpoint: number | null };

/**
 * Checks chains decision by decision, that each goes at least as far as was signed, and that what
 * goes on beyond is known to be news. What is signed of these chains is kept in memory meanwhile.
 */
export async function checkRange(client: pg.ClientBase, scan: ChainScan): Promise<RangeFound> {
  const found: RangeFound = { findings: [], findingsTotal: 0, tasks: 0, events: 0, eventsAfter: 0 };
  const signedChains = await readSignedChains(client, scan);
  const short: Finding[] = [];
  const long: LongChain[] = [];
  const ended = (chain: ReadChain): void => {
    found.tasks += 1;
    found.events += chain.events;
    found.eventsAfter += chain.eventsAfter;
    const { taskId, seq } = chain;
    const last = signedChains.get(taskId)?.last;
    signedChains.delete(taskId);
    if (last === undefined || seq > last.seq) long.push({ taskId, signedSeq: last?.seq ?? -1, checkpoint: last?.checkpoint ?? null });
    else if (seq < last.seq) short.push(cutOff(chain, last));
  };
  const walk = new ChainWalk({ signedChains, found: (finding) => note(found, finding), ended });
  await copyRows(client, `${decisionsOf(scan.tasks)} ORDER BY task_id, seq`, (row) => walk.next(row));
  walk.end();
  for (const finding of [...short, ...gone(signedChains), ...(await putIn(client, long))]) note(found, finding);
  return found;
}

function cutOff({ taskId, seq }: ReadChain, { seq: signedSeq, checkpoint }: SignedChain["last"]): Finding {
  const message = `the end is cut off: checkpoint ${checkpoint} has decisions up to ${signedSeq}, and the last one here is ${seq}`;
  return { kind: "cut", taskId, seq: seq + 1, checkpoint, message };
}

/** Chains of which something is signed, and nothing is here. */
function gone(unseen: ReadonlyMap<string, SignedChain>): Finding[] {
  return [...unseen].map(
    ([
      taskId,
      {
        last: { seq, checkpoint },
      },
    ]) => {
      const message = `the whole task is missing: checkpoint ${checkpoint} has its decisions 0 to ${seq}`;
      return { kind: "removed", taskId, seq: null, checkpoint, message };
    },
  );
}

/** Of chains that go on beyond what is signed those of which the next checkpoint was not told. */
async function putIn(client: pg.ClientBase, long: readonly LongChain[]): Promise<Finding[]> {
  const taskIds = long.map(({ taskId }) => taskId);
  const unknown = new Set(await unknownToNews(client, taskIds, FINDINGS_MAX));
  const message = "it was put in behind the log's back: no checkpoint has it, and none was told of it";
  return long
    .filter(({ taskId }) => unknown.has(taskId))
    .map(({ taskId, signedSeq, checkpoint }) => ({ kind: "inserted", taskId, seq: signedSeq + 1, checkpoint, message }));
}
