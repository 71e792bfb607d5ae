import type { Finding } from "@signalbox/model";
import type pg from "pg";
import { copyRows } from "../copyRows.ts";
import { FINDINGS_MAX, type Findings, note } from "../findings.ts";
import { ChainWalk, type ReadChain } from "./chainWalk.ts";
import { decisionsOf } from "./decisionRow.ts";
import { unknownToNews } from "./news.ts";
import { type ChainScan, readSignedChains, type SignedChain } from "./signedChains.ts";

/**
 * The findings in the chains of `tasks` tasks with `events` decisions; `eventsAfter` of these came
 * after the last one that a checkpoint signed. Plain values, which can be sent between threads.
 */
export type RangeFound = Findings & { tasks: number; events: number; eventsAfter: number };

/**
 * A chain longer than what was signed of it, which must be noted as news for the
 * next checkpoint: signed up to `signedSeq` (-1: not at all) by `checkpoint`.
 */
type LongChain = { taskId: string; signedSeq: number; checkpoint: number | null };

/**
 * Checks chains decision by decision: each must reach at least as far as it was signed, and whatever
 * goes beyond must be noted as news. The signed heads of these chains are kept in memory meanwhile.
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

/** Signed chains that no longer exist. */
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

/** Findings for chains that go beyond what was signed without being noted as news for the next checkpoint. */
async function putIn(client: pg.ClientBase, long: readonly LongChain[]): Promise<Finding[]> {
  const taskIds = long.map(({ taskId }) => taskId);
  const unknown = new Set(await unknownToNews(client, taskIds, FINDINGS_MAX));
  const message = "it was put in behind the log's back: no checkpoint has it, and none was told of it";
  return long
    .filter(({ taskId }) => unknown.has(taskId))
    .map(({ taskId, signedSeq, checkpoint }) => ({ kind: "inserted", taskId, seq: signedSeq + 1, checkpoint, message }));
}
