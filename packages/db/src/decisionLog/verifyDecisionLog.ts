import type { KeyObject } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Checkpoint, Finding, LoggedErasure } from "@signalbox/model";
import type pg from "pg";
import { z } from "zod";
import { checkChains } from "./chains/checkChains.ts";
import { rangesOf, sweepsOf } from "./chains/ranges.ts";
import { checkColumns } from "./checkColumns.ts";
import { checkLog } from "./checkLog.ts";
import { findCheckpoint, isoTimeOf, type StoredCheckpoint } from "./checkpointRows.ts";
import { FINDINGS_MAX, type Findings, joined, note } from "./findings.ts";
import { checkpointAt, readSignedPlaces, type SignedPlaces } from "./signedPlaces.ts";
import { atOneMoment, snapshotOf } from "./snapshot.ts";

/**
 * The scope of a verification: everything, one task's chain, or the tasks with news since a checkpoint;
 * the trusted keys and the exported heads. `progress` gets the number of decisions done. A long log is
 * checked completely on as many threads as the machine has cores, or on `threads` (0: on this one).
 */
export type Verification = {
  keys: readonly KeyObject[];
  heads: ReadonlyMap<number, string>;
  taskId?: string | undefined;
  since?: { number: number } | { time: Date } | undefined;
  progress?: (events: number) => void;
  threads?: number | undefined;
};

/** An erasure that removed entries from the log: how many, and how many of these a checkpoint has signed as erased. */
export type ErasureFound = LoggedErasure & { entries: number; signed: number };

/**
 * The result of a verification. `last` is the latest checkpoint covered; of `events` decisions in the
 * chains of `tasks` tasks, `eventsAfter` came after it. Only the first of `findingsTotal` findings are
 * listed. `waitingSince` (ISO 8601) is the time of the longest-waiting last decision that no checkpoint has
 * signed yet; null where none waits. `seconds` is the time that the chains and the ends of the log took.
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

/** Below this many decisions, one thread is done before others have started. */
const DECISIONS_FOR_THREADS = 100_000;

const THREADS_MAX = 8;

/** The approximate number of stored decisions, for a progress bar. */
export async function estimateDecisions(databaseUrl: string): Promise<number> {
  return atOneMoment(databaseUrl, countAbout);
}

/** An upper bound on the stored size of most decisions, in bytes. */
const DECISION_BYTES = 1_000;

/** The estimate from the store's statistics, which miss recent rows, or from the size of the table. */
async function countAbout(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query(
    "SELECT greatest(reltuples, pg_relation_size(oid) / $1::float8) AS events FROM pg_class WHERE oid = 'public.decision'::regclass",
    [DECISION_BYTES],
  );
  return Number(rows[0]?.events ?? 0);
}

/** A query for the tasks with news since a checkpoint. */
const newsSince = ({ checkpoint }: StoredCheckpoint): string =>
  `SELECT task_id FROM public.checkpoint_entry WHERE position >= ${checkpoint.size} UNION SELECT task_id FROM public.checkpoint_news`;

/** The approximate number of decisions of the tasks with news, assuming an average number for each. */
async function countNewsAbout(client: pg.ClientBase, since: StoredCheckpoint, about: number): Promise<number> {
  const { rows } = await client.query(`SELECT count(*)::float8 AS tasks FROM (${newsSince(since)}) AS news`);
  const { events, tasks } = since.checkpoint;
  return Math.min(about, (Number(rows[0]?.tasks ?? 0) * events) / Math.max(1, tasks));
}

/**
 * Verifies one snapshot of the decision log. It only reads, and keeps the
 * ends of a bounded number of chains in memory, however long the log is.
 */
export async function verifyDecisionLog(databaseUrl: string, verification: Verification): Promise<VerifiedLog> {
  const { keys, heads, taskId, progress } = verification;
  return atOneMoment(databaseUrl, async (client) => {
    const startedAt = performance.now();
    const since = verification.since === undefined ? undefined : await findCheckpoint(client, verification.since);
    const erasures = await readErasures(client);
    const places = await readSignedPlaces(client, since);
    const snapshot = await snapshotOf(client);
    const isAll = taskId === undefined && since === undefined;
    const about = await countAbout(client);
    const ofColumns = await checkColumns(client);
    const ranges = ofColumns.length > 0 ? [] : await rangesRead(client, { taskId, since, about });
    const threads = isAll ? (verification.threads ?? threadsFor(about)) : 0;
    const sweeps = threads === 0 || ranges.length === 0 ? [] : sweepsOf(about, threads);
    const ofLog: Findings = { findings: [], findingsTotal: 0 };
    const [chains] = await Promise.all([
      checkChains({ databaseUrl, snapshot, ranges, sweeps, places, threads }, progress ?? (() => {})),
      checkLog(client, { since, keys, heads, erasures }, (finding) => note(ofLog, finding)),
    ]);
    const seconds = (performance.now() - startedAt) / 1_000;
    const ofErasures: Findings = { findings: [], findingsTotal: 0 };
    const found = (finding: Finding): void => note(ofErasures, finding);
    for (const finding of ofColumns) found(finding);
    await checkTables(client, found);
    await checkErasureNews(client, found);
    const erased = await checkErasures(client, { erasures, places, found });
    return {
      ...{ last: places.last, checkpoints: places.numbers.length },
      ...{ tasks: chains.tasks, events: chains.events, eventsAfter: chains.eventsAfter },
      ...joined([ofLog, chains, ofErasures]),
      ...{ seconds, erasures: erased, waitingSince: await oldestNews(client) },
    };
  });
}

/** The number of threads that check chains. */
function threadsFor(events: number): number {
  return events < DECISIONS_FOR_THREADS ? 0 : Math.min(availableParallelism(), THREADS_MAX);
}

/** The tasks to read, as ranges: conditions on a table with a `task_id`. */
async function rangesRead(
  client: pg.ClientBase,
  { taskId, since, about }: { taskId: string | undefined; since: StoredCheckpoint | undefined; about: number },
): Promise<string[]> {
  const news = since === undefined ? "" : ` AND task_id IN (${newsSince(since)})`;
  if (taskId !== undefined) return [`task_id = '${z.uuid().parse(taskId)}'${news}`];
  const ranges = rangesOf(since === undefined ? about : await countNewsAbout(client, since, about));
  return ranges.map((range) => `${range}${news}`);
}

const TABLES = ["decision", "checkpoint", "checkpoint_entry", "checkpoint_news", "erasure"];

/**
 * Checks that real tables are read, and all of their rows: a view, a rule
 * or a policy could answer one query in one way and the next in another.
 */
async function checkTables(client: pg.ClientBase, found: (finding: Finding) => void): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE oid = ANY($1::regclass[]) AND (relkind <> 'r' OR relhasrules OR relrowsecurity OR relhassubclass) ORDER BY relname",
    [TABLES.map((table) => `public.${table}`)],
  );
  for (const { name } of rows)
    found({
      kind: "entries",
      taskId: null,
      seq: null,
      checkpoint: null,
      message: `${name} is no plain table: it may answer each query as it likes`,
    });
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
    `SELECT id, project, kind, subject_digest AS "subjectDigest", actor, ${isoTimeOf("begun_at")} AS "begunAt" FROM public.erasure`,
  );
  // An invalid erasure record counts as missing.
  const erasures = rows.flatMap((row) => Row.safeParse(row).data ?? []);
  return new Map(erasures.map((erasure) => [erasure.id, erasure]));
}

const Erased = z.object({
  erasure: z.string().nullable(),
  entries: z.number(),
  signed: z.number(),
  told: z.number(),
  position: z.string(),
});

/** Checks that every erased entry was signed as erased, or is about to be, and belongs to a recorded erasure. */
async function checkErasures(
  client: pg.ClientBase,
  { erasures, places, found }: { erasures: ReadonlyMap<string, LoggedErasure>; places: SignedPlaces; found: (finding: Finding) => void },
): Promise<ErasureFound[]> {
  const { rows } = await client.query(
    `SELECT erasure, count(*)::int AS entries, count(*) FILTER (WHERE signed)::int AS signed, count(*) FILTER (WHERE told AND NOT signed)::int AS told, min(position) AS position
FROM (SELECT position, erasure,
    EXISTS (SELECT FROM public.checkpoint_entry AS later WHERE later.erased_position = entry.position AND later.erasure = entry.erasure AND later.position < $1) AS signed,
    EXISTS (SELECT FROM public.checkpoint_news AS news WHERE news.position = entry.position AND news.erasure = entry.erasure) AS told
  FROM public.checkpoint_entry AS entry WHERE leaf IS NOT NULL) AS erased
GROUP BY erasure ORDER BY min(position)`,
    [places.last?.size ?? 0],
  );
  return z
    .array(Erased)
    .parse(rows)
    .flatMap(({ erasure: id, entries, signed, told, position }) => {
      const erasure = id === null ? undefined : erasures.get(id);
      const checkpoint = checkpointAt(places, Number(position));
      const tell = (message: string): void => found({ kind: "erasure", taskId: null, seq: null, checkpoint, message });
      if (erasure === undefined)
        tell(`${entries} entries are said to have gone with the erasure ${id ?? "of no name"}, which is not on record`);
      else if (signed + told < entries)
        tell(`${entries - signed - told} entries are said to have gone with the erasure ${id}, which no checkpoint signed`);
      return erasure === undefined ? [] : [{ ...erasure, entries, signed }];
    });
}

/** Checks that news of an erased entry names an entry which that erasure removed. */
async function checkErasureNews(client: pg.ClientBase, found: (finding: Finding) => void): Promise<void> {
  const { rows } = await client.query<{ position: string; erasure: string }>(
    `SELECT DISTINCT position, erasure FROM public.checkpoint_news AS news WHERE position IS NOT NULL AND NOT EXISTS (
  SELECT FROM public.checkpoint_entry AS entry WHERE entry.position = news.position AND entry.erasure = news.erasure AND entry.erased_position IS NULL)
ORDER BY position LIMIT $1`,
    [FINDINGS_MAX],
  );
  for (const { position, erasure } of rows) {
    const message = `the entry at ${position} is said to have gone with the erasure ${erasure}, and has not`;
    found({ kind: "erasure", taskId: null, seq: null, checkpoint: null, message });
  }
}

/** The time of the last decision of the task that has waited longest for a checkpoint. */
async function oldestNews(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ since: string | null }>(
    `SELECT ${isoTimeOf("min(head.time)")} AS since FROM (SELECT DISTINCT task_id FROM public.checkpoint_news WHERE task_id IS NOT NULL) AS news
CROSS JOIN LATERAL (SELECT time, seq FROM public.decision WHERE task_id = news.task_id ORDER BY seq DESC LIMIT 1) AS head
WHERE isfinite(head.time) AND NOT EXISTS (SELECT FROM public.checkpoint_entry AS entry WHERE entry.task_id = news.task_id AND entry.seq >= head.seq)`,
  );
  return rows[0]?.since ?? null;
}
