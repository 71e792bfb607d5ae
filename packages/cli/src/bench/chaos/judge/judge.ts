import { existsSync } from "node:fs";
import { countTraces, createClickHouse } from "@signalbox/db/clickhouse";
import { verifyDecisionLog } from "@signalbox/db/decisionLog";
import { auditTasks, countJournal, countKeyedTasks, listAirlineAccounts, listLastLetters, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, checkpointHeadFile, checkpointKeyFile, DEFAULT_PROJECT } from "@signalbox/model";
import { trustedKeys } from "../../../decisions/checkpointKeys.ts";
import { readHeads } from "../../../decisions/headsFile.ts";
import { readMetrics } from "../../../status/partHealth.ts";
import { WORKER_PORT } from "../../../supervisor/parts/parts.ts";
import type { StoreUrls } from "../../../supervisor/stores/stores.ts";
import { WORLD } from "../../runtime/taskSource.ts";
import { untilGone } from "../untilGone.ts";
import { isBookedOnce } from "./airlineLedger.ts";
import { jobsIn } from "./jobsLeft.ts";
import { incompleteTraces } from "./traces.ts";
import { unplannedLetters } from "./unplanned.ts";

/** The number of tasks per query. */
const PAGE = 500;

/** The most examples of faults that are listed. */
const EXAMPLES_MAX = 10;

/**
 * The fates of the accepted tasks. `redriven` ran again after a dead letter. `lost` are unfinished or missing. `unplanned` are dead
 * letters of tasks that were not to fail; their causes are with the examples. `jobsLeft` are jobs that stay in the queue after every task
 * has ended, null if nobody could say. `doubled` were admitted twice under one key, or ended twice, or have a run that did not end with
 * exactly one dead letter before the next. `doubledEffects` are tasks whose effects differ from their journal, on record or in the
 * airline's tables. `examples` are ids of faulty tasks.
 */
export type Verdict = Record<
  "done" | "dead" | "redriven" | "lost" | "unplanned" | "doubled" | "doubledEffects" | "brokenChains" | "incompleteTraces",
  number
> & {
  jobsLeft: number | null;
  examples: Record<"unplanned" | "doubledEffects" | "brokenChains" | "incompleteTraces", string[]>;
};

/** The stores to judge by, the data folder with the key that signs checkpoints, and the offset of the ports. */
export type Evidence = { prisma: PrismaClient; stores: StoreUrls; dataDir: string; portOffset: number };

/** The time after the record of its task's end by which a job has left the queue, or counts as left over; in milliseconds. */
const JOB_STALL_MS = 20_000;

/**
 * Judges accepted tasks by the content of the stores and the jobs that the queue reports.
 * Waits for traces as long as some still arrive, at most `stallMs` between two.
 */
export async function judge(
  { prisma, stores, dataDir, portOffset }: Evidence,
  accepted: ReadonlySet<string>,
  { stallMs, onTrace, signal }: { stallMs: number; onTrace: (whole: number) => void; signal: AbortSignal },
): Promise<Verdict> {
  const ids = [...accepted];
  const audit = await auditTasks(prisma, ids);
  const misbooked = (await paged(ids, (page) => listAirlineAccounts(prisma, WORLD, page))).filter((account) => !isBookedOnce(account));
  const otherEffects = [...new Set([...audit.otherEffects, ...misbooked.map(({ taskId }) => taskId)])];
  const unplanned = unplannedLetters(await paged(ids, (page) => listLastLetters(prisma, page)));
  const jobs = await untilGone({ stallMs: JOB_STALL_MS, signal }, () => countJobs(WORKER_PORT + portOffset));
  const broken = await brokenChains(stores.DATABASE_URL, dataDir);
  const incomplete = await waitForTraces(prisma, stores.CLICKHOUSE_URL, ids, { stallMs, onTrace, signal });
  return {
    ...{ done: audit.done, dead: audit.dead, redriven: audit.redriven, lost: audit.unfinished + audit.missing },
    ...{ unplanned: unplanned.length, jobsLeft: Number.isFinite(jobs) ? jobs : null },
    doubled: audit.otherEndings + Math.max(0, (await countKeyedTasks(prisma)) - accepted.size),
    doubledEffects: otherEffects.length,
    brokenChains: broken.length + audit.otherHeads,
    incompleteTraces: incomplete.length,
    examples: {
      unplanned: unplanned.slice(0, EXAMPLES_MAX).map(({ taskId, cause }) => `${taskId} (${cause})`),
      doubledEffects: otherEffects.slice(0, EXAMPLES_MAX),
      brokenChains: broken.slice(0, EXAMPLES_MAX),
      incompleteTraces: incomplete.slice(0, EXAMPLES_MAX).map(({ taskId }) => taskId),
    },
  };
}

/** The number of jobs in the queue. Throws while the worker cannot tell. */
async function countJobs(workerPort: number): Promise<number> {
  const jobs = jobsIn(await readMetrics(workerPort));
  if (jobs === null) throw new AppError("upstream_unavailable", "The worker does not say what the queue has.");
  return jobs;
}

/** Verifies the whole log as `decisions verify` does; returns the tasks with findings in their chains, and the findings without a task. */
async function brokenChains(databaseUrl: string, dataDir: string): Promise<string[]> {
  const headFile = checkpointHeadFile(checkpointKeyFile(dataDir));
  const heads = existsSync(headFile) ? readHeads(headFile) : new Map<number, string>();
  const { findings } = await verifyDecisionLog(databaseUrl, { keys: trustedKeys(undefined, {}, dataDir), heads });
  return [...new Set(findings.map(({ taskId, message }) => taskId ?? message))];
}

/** Waits until every trace is complete, or no further one becomes so; returns the tasks of the incomplete ones. */
async function waitForTraces(
  prisma: PrismaClient,
  clickhouseUrl: string,
  ids: readonly string[],
  { stallMs, onTrace, signal }: Parameters<typeof judge>[2],
): Promise<{ taskId: string }[]> {
  const clickhouse = createClickHouse(clickhouseUrl);
  try {
    let missing = await paged(ids, (page) => countJournal(prisma, page));
    await untilGone({ stallMs, signal }, async () => {
      const traceIds = missing.map(({ traceId }) => traceId);
      missing = incompleteTraces(missing, await paged(traceIds, (page) => countTraces(clickhouse, DEFAULT_PROJECT, page)));
      onTrace(ids.length - missing.length);
      return missing.length;
    });
    return missing;
  } finally {
    await clickhouse.close();
  }
}

async function paged<Key, Row>(keys: readonly Key[], ask: (page: readonly Key[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < keys.length; from += PAGE) rows.push(...(await ask(keys.slice(from, from + PAGE))));
  return rows;
}
