import type { KeyObject } from "node:crypto";
import { ChainCheck, type Checkpoint, type Finding, type LoggedErasure } from "@signalbox/model";
import type pg from "pg";
import { z } from "zod";
import { type CheckedLog, checkLog } from "./checkLog.ts";
import { findCheckpoint, isoTimeOf, type StoredCheckpoint } from "./checkpointRows.ts";
import { atOneMoment, snapshotOf } from "./snapshot.ts";
import { storedDecisions } from "./storedDecisions.ts";

/** What is verified: all of it, one task's chain, or what has news since a checkpoint; against which keys and exported heads. `progress` hears how many decisions are done. */
export type Verification = {
  keys: readonly KeyObject[];
  heads: ReadonlyMap<number, string>;
  taskId?: string | undefined;
  since?: { number: number } | { time: Date } | undefined;
  progress?: (events: number) => void;
};

/** An erasure that took entries of the log: how many, and how many of these a checkpoint has signed as erased. */
export type ErasureFound = LoggedErasure & { entries: number; signed: number };

/**
 * What was found. `last` is the checkpoint up to which anything wrong would have been found; of `events` decisions, in chains of `tasks`, `eventsAfter` came later. Of `findingsTotal` things that
 * are wrong the first are told. Of tasks whose last decision is not signed yet the one at `waitingSince` (ISO 8601) waits longest; null where none does. `seconds` is what the chains and the ends of the log took.
 */
export type VerifiedLog = {
  last: Checkpoint | null;
  checkpoints: number;
  tasks: number;
  events: number;
  eventsAfter: number;
  waitingSince: string | null;
  erasures: ErasureFound[];
  findings: Finding[];
  findingsTotal: number;
  seconds: number;
};

/** So many findings are told. */
const FINDINGS_MAX = 1_000;

/** About how many decisions are stored, for a progress bar. */
export async function estimateDecisions(databaseUrl: string): Promise<number> {
  return atOneMoment(databaseUrl, async (client) => {
    const { rows } = await client.query("SELECT greatest(reltuples, 0)::float8 AS events FROM pg_class WHERE oid = 'decision'::regclass");
    return Number(rows[0]?.events ?? 0);
  });
}

/** Verifies the decision log as it is at one moment. It reads, and keeps little in memory, however long the log is. */
export async function verifyDecisionLog(databaseUrl: string, verification: Verification): Promise<VerifiedLog> {
  const { keys, heads, taskId, progress } = verification;
  return atOneMoment(databaseUrl, async (client) => {
    const startedAt = performance.now();
    const findings: Finding[] = [];
    let findingsTotal = 0;
    const found = (finding: Finding): void => {
      findingsTotal += 1;
      if (findings.length < FINDINGS_MAX) findings.push(finding);
    };
    const since = verification.since === undefined ? undefined : await findCheckpoint(client, verification.since);
    const erasures = await readErasures(client);
    const log = await checkLog(client, { since, keys, heads, erasures }, found);
    const tasks = tasksIn(taskId, since);
    const snapshot = await snapshotOf(client);
    // The store looks at the ends while this process hashes.
    const [counts, endFindings] = await Promise.all([
      checkChains(client, { tasks, log, found, progress: progress ?? (() => {}) }),
      atOneMoment(databaseUrl, (other) => checkEnds(other, tasks, log), snapshot),
    ]);
    endFindings.forEach(found);
    const seconds = (performance.now() - startedAt) / 1_000;
    await checkErasureNews(client, found);
    return {
      ...{ last: log.last, checkpoints: log.checkpoints, ...counts, findings, findingsTotal, seconds },
      erasures: await checkErasures(client, { erasures, log, found }),
      waitingSince: await oldestNews(client),
    };
  });
}

/** Which tasks are read, as a condition on a table with a `task_id`. */
function tasksIn(taskId: string | undefined, since: StoredCheckpoint | undefined): string {
  const conditions = [
    ...(taskId === undefined ? [] : [`task_id = '${z.uuid().parse(taskId)}'`]),
    ...(since === undefined
      ? []
      : [
          `task_id IN (SELECT task_id FROM checkpoint_entry WHERE position >= ${since.checkpoint.size} UNION SELECT task_id FROM checkpoint_news)`,
        ]),
  ];
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}

type Check = { tasks: string; log: CheckedLog; found: (finding: Finding) => void };

/** Checks every chain, decision by decision. */
async function checkChains(
  client: pg.ClientBase,
  { tasks, log, found, progress }: Check & { progress: (events: number) => void },
): Promise<{ tasks: number; events: number; eventsAfter: number }> {
  const check = new ChainCheck(found);
  const counts = { tasks: 0, events: 0, eventsAfter: 0 };
  let taskId = "";
  // What comes after a task's last signed decision is counted when the task is over.
  let unsigned = 0;
  for await (const decisions of storedDecisions(client, { tasks, signedSize: log.last?.size ?? 0 }, log.checkpointAt)) {
    for (const decision of decisions) {
      if (decision.taskId !== taskId) {
        counts.tasks += 1;
        counts.eventsAfter += unsigned;
        unsigned = 0;
        taskId = decision.taskId;
      }
      unsigned = decision.signedHash === null ? unsigned + 1 : 0;
      check.next(decision);
    }
    counts.events += decisions.length;
    progress(counts.events);
  }
  check.end();
  counts.eventsAfter += unsigned;
  return counts;
}

const End = z.object({ taskId: z.string(), seq: z.number().nullable(), signedSeq: z.number().nullable(), position: z.string().nullable() });

/** Checks that each chain goes at least as far as was signed, and that what goes on beyond is known to be news. */
async function checkEnds(client: pg.ClientBase, tasks: string, log: CheckedLog): Promise<Finding[]> {
  const { rows } = await client.query(
    `SELECT task_id AS "taskId", chain.seq, signed.seq AS "signedSeq", signed.position FROM
  (SELECT task_id, max(seq) AS seq FROM decision WHERE ${tasks} GROUP BY task_id) AS chain
  FULL JOIN (SELECT task_id, max(seq) AS seq, max(position) AS position FROM checkpoint_entry
    WHERE task_id IS NOT NULL AND position < $1 AND ${tasks} GROUP BY task_id) AS signed USING (task_id)
WHERE chain.seq IS DISTINCT FROM signed.seq
  AND (chain.seq IS NULL OR chain.seq < signed.seq OR NOT EXISTS (SELECT FROM checkpoint_news AS news WHERE news.task_id = coalesce(chain.task_id, signed.task_id)))
ORDER BY task_id LIMIT $2`,
    [log.last?.size ?? 0, FINDINGS_MAX],
  );
  return z
    .array(End)
    .parse(rows)
    .map((end) => endFinding(end, end.position === null ? null : log.checkpointAt(Number(end.position))));
}

/** What is wrong with a chain that ends elsewhere than was signed, last by `checkpoint`. */
function endFinding({ taskId, seq, signedSeq }: z.infer<typeof End>, checkpoint: number | null): Finding {
  const at = { taskId, checkpoint };
  if (seq === null)
    return {
      ...at,
      kind: "removed",
      seq,
      message: `the whole task is missing: checkpoint ${checkpoint} has its decisions 0 to ${signedSeq}`,
    };
  if (signedSeq !== null && seq < signedSeq) {
    const message = `the end is cut off: checkpoint ${checkpoint} has decisions up to ${signedSeq}, and the last one here is ${seq}`;
    return { ...at, kind: "cut", seq: seq + 1, message };
  }
  const message = "it was put in behind the log's back: no checkpoint has it, and none was told of it";
  return { ...at, kind: "inserted", seq: (signedSeq ?? -1) + 1, message };
}

async function readErasures(client: pg.ClientBase): Promise<Map<string, LoggedErasure>> {
  const Row = z.object({
    id: z.string(),
    project: z.string(),
    kind: z.string(),
    subjectDigest: z.string(),
    actor: z.string(),
    begunAt: z.string(),
  });
  const { rows } = await client.query(
    `SELECT id, project, kind, subject_digest AS "subjectDigest", actor, ${isoTimeOf("begun_at")} AS "begunAt" FROM erasure`,
  );
  // What is no erasure any more is none on record.
  const erasures = rows.flatMap((row) => Row.safeParse(row).data ?? []);
  return new Map(erasures.map((erasure) => [erasure.id, erasure]));
}

const Erased = z.object({ erasure: z.string(), entries: z.number(), signed: z.number(), told: z.number(), position: z.string() });

/** Checks that every entry that is said to be erased is signed as erased, or is about to be, by an erasure that is on record. */
async function checkErasures(
  client: pg.ClientBase,
  { erasures, log, found }: Omit<Check, "tasks"> & { erasures: ReadonlyMap<string, LoggedErasure> },
): Promise<ErasureFound[]> {
  const { rows } = await client.query(
    `SELECT erasure, count(*)::int AS entries, count(*) FILTER (WHERE signed)::int AS signed, count(*) FILTER (WHERE told AND NOT signed)::int AS told, min(position) AS position
FROM (SELECT position, erasure,
    EXISTS (SELECT FROM checkpoint_entry AS later WHERE later.erased_position = entry.position AND later.erasure = entry.erasure AND later.position < $1) AS signed,
    EXISTS (SELECT FROM checkpoint_news AS news WHERE news.position = entry.position AND news.erasure = entry.erasure) AS told
  FROM checkpoint_entry AS entry WHERE leaf IS NOT NULL AND erased_position IS NULL) AS erased
GROUP BY erasure ORDER BY min(position)`,
    [log.last?.size ?? 0],
  );
  return z
    .array(Erased)
    .parse(rows)
    .flatMap(({ erasure: id, entries, signed, told, position }) => {
      const erasure = erasures.get(id);
      const checkpoint = log.checkpointAt(Number(position));
      const tell = (message: string): void => found({ kind: "erasure", taskId: null, seq: null, checkpoint, message });
      if (erasure === undefined) tell(`${entries} entries are said to have gone with the erasure ${id}, which is not on record`);
      else if (signed + told < entries)
        tell(`${entries - signed - told} entries are said to have gone with the erasure ${id}, which no checkpoint signed`);
      return erasure === undefined ? [] : [{ ...erasure, entries, signed }];
    });
}

/** News of an erased entry is of one that the erasure took. */
async function checkErasureNews(client: pg.ClientBase, found: (finding: Finding) => void): Promise<void> {
  const { rows } = await client.query<{ position: string; erasure: string }>(
    `SELECT DISTINCT position, erasure FROM checkpoint_news AS news WHERE position IS NOT NULL AND NOT EXISTS (
  SELECT FROM checkpoint_entry AS entry WHERE entry.position = news.position AND entry.erasure = news.erasure AND entry.erased_position IS NULL)
ORDER BY position LIMIT $1`,
    [FINDINGS_MAX],
  );
  for (const { position, erasure } of rows) {
    const message = `the entry at ${position} is said to have gone with the erasure ${erasure}, and has not`;
    found({ kind: "erasure", taskId: null, seq: null, checkpoint: null, message });
  }
}

/** When the task that waits longest for a checkpoint decided something last. */
async function oldestNews(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ since: string | null }>(
    `SELECT ${isoTimeOf("min(head.time)")} AS since FROM (SELECT DISTINCT task_id FROM checkpoint_news WHERE task_id IS NOT NULL) AS news
CROSS JOIN LATERAL (SELECT time, seq FROM decision WHERE task_id = news.task_id ORDER BY seq DESC LIMIT 1) AS head
WHERE isfinite(head.time) AND NOT EXISTS (SELECT FROM checkpoint_entry AS entry WHERE entry.task_id = news.task_id AND entry.seq >= head.seq)`,
  );
  return rows[0]?.since ?? null;
}
