import { existsSync } from "node:fs";
import { countTraces, createClickHouse } from "@signalbox/db/clickhouse";
import { verifyDecisionLog } from "@signalbox/db/decisionLog";
import { auditTasks, countJournal, countKeyedTasks, listAirlineAccounts, type PrismaClient } from "@signalbox/db/prisma";
import { checkpointHeadFile, checkpointKeyFile, DEFAULT_PROJECT } from "@signalbox/model";
import { trustedKeys } from "../../../decisions/checkpointKeys.ts";
import { readHeads } from "../../../decisions/headsFile.ts";
import type { StoreUrls } from "../../../supervisor/stores/stores.ts";
import { WORLD } from "../../runtime/taskSource.ts";
import { untilGone } from "../untilGone.ts";
import { isBookedOnce } from "./airlineLedger.ts";
import { incompleteTraces } from "./traces.ts";

/** So many tasks are asked for in one query. */
const PAGE = 500;

/** What is told of the first faults, so that somebody can look. */
const EXAMPLES_MAX = 10;

/**
 * What became of the accepted tasks. `redriven` ran again after a dead letter. `lost` are unfinished or
 * nowhere. `doubled` were admitted twice under one key, or ended twice, or in a run that did not end with
 * one dead letter before the next. `doubledEffects` are tasks whose effects differ from what their journal
 * tells, on record or in the airline's tables. `examples` are ids of tasks of which something is wrong.
 */
export type Verdict = Record<
  "done" | "dead" | "redriven" | "lost" | "doubled" | "doubledEffects" | "brokenChains" | "incompleteTraces",
  number
> & {
  examples: Record<"doubledEffects" | "brokenChains" | "incompleteTraces", string[]>;
};

/** The stores to judge from, and the data folder with the key that signs checkpoints. */
export type Evidence = { prisma: PrismaClient; stores: StoreUrls; dataDir: string };

/** Judges accepted tasks by what the stores hold. Traces are waited for as long as some still arrive, `stallMs` at most between two. */
export async function judge(
  { prisma, stores, dataDir }: Evidence,
  accepted: ReadonlySet<string>,
  { stallMs, onTrace, signal }: { stallMs: number; onTrace: (whole: number) => void; signal: AbortSignal },
): Promise<Verdict> {
  const ids = [...accepted];
  const audit = await auditTasks(prisma, ids);
  const misbooked = (await paged(ids, (page) => listAirlineAccounts(prisma, WORLD, page))).filter((account) => !isBookedOnce(account));
  const otherEffects = [...new Set([...audit.otherEffects, ...misbooked.map(({ taskId }) => taskId)])];
  const broken = await brokenChains(stores.DATABASE_URL, dataDir);
  const incomplete = await waitForTraces(prisma, stores.CLICKHOUSE_URL, ids, { stallMs, onTrace, signal });
  return {
    ...{ done: audit.done, dead: audit.dead, redriven: audit.redriven, lost: audit.unfinished + audit.missing },
    doubled: audit.otherEndings + Math.max(0, (await countKeyedTasks(prisma)) - accepted.size),
    doubledEffects: otherEffects.length,
    brokenChains: broken.length + audit.otherHeads,
    incompleteTraces: incomplete.length,
    examples: {
      doubledEffects: otherEffects.slice(0, EXAMPLES_MAX),
      brokenChains: broken.slice(0, EXAMPLES_MAX),
      incompleteTraces: incomplete.slice(0, EXAMPLES_MAX).map(({ taskId }) => taskId),
    },
  };
}

/**
 * Verifies the whole log as `decisions verify` does; answers the tasks whose chains it finds something in, and what it finds of no task.
 */
async function brokenChains(databaseUrl: string, dataDir: string): Promise<string[]> {
  const headFile = checkpointHeadFile(checkpointKeyFile(dataDir));
  const heads = existsSync(headFile) ? readHeads(headFile) : new Map<number, string>();
  const { findings } = await verifyDecisionLog(databaseUrl, { keys: trustedKeys(undefined, {}, dataDir), heads });
  return [...new Set(findings.map(({ taskId, message }) => taskId ?? message))];
}

/** Waits until every trace is whole, or no other one becomes so; answers the tasks of those that are not. */
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
