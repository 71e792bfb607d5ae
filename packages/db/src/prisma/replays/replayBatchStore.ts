import {
  AppError,
  type Ending,
  errorBody,
  type KeptReplay,
  newId,
  ReplayBatch,
  type ReplayOrigin,
  type ReplayPlan,
  type ReplayShare,
  ReplaySide,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import type { ReplayableFilter } from "./recordingStore.ts";
import { type AskedTask, keepReplays, NAMED, type ReplayOrder, readCandidates, requireBuild, requireEnded, toKept } from "./replayStore.ts";

/** The tasks as they would be asked for: each with the build that must do it, or with why it cannot be replayed. */
async function judgeTasks(
  prisma: PrismaClient,
  project: string,
  taskIds: readonly string[],
  { plan, now }: Pick<ReplayOrder, "plan" | "now">,
): Promise<AskedTask[]> {
  const candidates = (await readCandidates(prisma, taskIds)).filter((candidate) => candidate.project === project);
  const builds = new Map<string | undefined, Promise<string | null>>();
  for (const { version } of candidates) if (!builds.has(version)) builds.set(version, requireBuild(prisma, plan, version, now));
  await Promise.allSettled(builds.values());
  return Promise.all(
    candidates.map(async (candidate): Promise<AskedTask> => {
      const { id: taskId, version } = candidate;
      try {
        requireEnded(candidate);
        return { taskId, build: (await builds.get(version)) ?? null };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { taskId, build: null, error: errorBody(error).error };
      }
    }),
  );
}

/** The forecast of a batch of replays: `replayable` tasks of `tasks`, and the reasons against the others, each with its number of tasks. */
export type ReplayForecast = {
  tasks: number;
  replayable: number;
  refused: { message: string; hint: string | null; tasks: number }[];
};

/** Says how many of a project's tasks could be replayed as they stand, and why not the others. Nothing is changed. */
export async function forecastReplays(
  prisma: PrismaClient,
  project: string,
  taskIds: readonly string[],
  order: { plan: ReplayPlan; now: Date },
): Promise<ReplayForecast> {
  const judged = await judgeTasks(prisma, project, taskIds, order);
  const errors = judged.flatMap(({ error }) => error ?? []);
  const refused = [...Map.groupBy(errors, ({ message }) => message)].map(([message, alike]) => ({
    ...{ message, hint: alike[0]?.hint ?? null, tasks: alike.length },
  }));
  return { tasks: judged.length, replayable: judged.length - errors.length, refused };
}

/**
 * Requests replays of the tasks that a filter found, together; returns the id of
 * their batch. Those that cannot be replayed as they stand are kept as failed.
 */
export async function startReplays(
  prisma: PrismaClient,
  of: ReplayableFilter,
  taskIds: readonly string[],
  order: ReplayOrder,
): Promise<string> {
  const batch = { id: newId(), of, wanted: taskIds.length };
  await keepReplays(prisma, of.project, await judgeTasks(prisma, of.project, taskIds, order), { ...order, batch });
  return batch.id;
}

/** The share of its batch to which a row of `replay` belongs. */
const SHARE = Prisma.sql`CASE WHEN status <> 'done' THEN status WHEN outcome = 'identical' THEN 'identical'
  WHEN outcome_changed THEN 'ends_otherwise' WHEN outcome_changed IS NULL THEN 'stopped' ELSE 'diverged' END`;

const countOf = (share: ReplayShare): Prisma.Sql => Prisma.sql`${share}::text, count(replay.id) FILTER (WHERE ${SHARE} = ${share})`;

type BatchRow = { createdAt: Date; fingerprint: string | null; since: Date | null; until: Date | null };

function originOf({ fingerprint, since, until }: Omit<BatchRow, "createdAt">): ReplayOrigin | null {
  if (fingerprint !== null) return { fingerprint };
  return since === null || until === null ? null : { since: since.toISOString(), until: until.toISOString() };
}

/** Batches as `ReplayBatch` has them, the latest first: those whose ids `which` selects. */
function readBatches(prisma: PrismaClient, project: string, which: Prisma.Sql): Promise<ReplayBatch[]> {
  const counts = ReplayBatch.shape.counts.keyType.options.map(countOf);
  return askStateStore(async () => {
    const rows = await prisma.$queryRaw<BatchRow[]>`
      SELECT batch.id, batch.project, batch.fingerprint, batch.since, batch.until, batch.plan, batch.wanted, batch.actor, batch.created_at AS "createdAt",
        count(replay.id)::int AS replays, json_build_object(${Prisma.join(counts)}) AS counts
      FROM replay_batch AS batch LEFT JOIN replay ON replay.batch_id = batch.id
      WHERE batch.project = ${project} AND batch.id IN (${which}) GROUP BY batch.id ORDER BY batch.created_at DESC, batch.id DESC`;
    return rows.map(({ fingerprint, since, until, createdAt, ...row }) =>
      ReplayBatch.parse({ ...row, origin: originOf({ fingerprint, since, until }), createdAt: createdAt.toISOString() }),
    );
  });
}

/** Replays of a project that were asked for together, and how far they are. Throws `not_found`. */
export async function readReplayBatch(prisma: PrismaClient, project: string, id: string): Promise<ReplayBatch> {
  const [batch] = await readBatches(prisma, project, Prisma.sql`SELECT ${id}::uuid`);
  if (batch !== undefined) return batch;
  throw new AppError("not_found", `There is no batch of replays ${id} in the project ${project}.`, {
    hint: "A batch goes with the project's retention, after its replays.",
  });
}

/**
 * Up to `rowsMax` batches of a group of dead letters, the latest first. A batch of which no origin is on record is of the groups of the
 * letters that its tasks have.
 */
export function listGroupBatches(prisma: PrismaClient, project: string, fingerprint: string, rowsMax: number): Promise<ReplayBatch[]> {
  return readBatches(
    prisma,
    project,
    Prisma.sql`SELECT id FROM replay_batch AS batch WHERE project = ${project} AND (fingerprint = ${fingerprint}
        OR (fingerprint IS NULL AND since IS NULL AND EXISTS (
          SELECT FROM replay JOIN dead_letter ON dead_letter.task_id = replay.task_id
          WHERE replay.batch_id = batch.id AND dead_letter.project = ${project} AND dead_letter.fingerprint = ${fingerprint})))
      ORDER BY created_at DESC, id DESC LIMIT ${rowsMax}`,
  );
}

function ofShare(share: ReplayShare): Prisma.ReplayRowWhereInput {
  switch (share) {
    case "identical":
      return { status: "done", outcome: "identical" };
    case "diverged":
      return { status: "done", outcome: "diverged", outcomeChanged: false };
    case "ends_otherwise":
      return { status: "done", outcome: "diverged", outcomeChanged: true };
    case "stopped":
      return { status: "done", outcome: "diverged", outcomeChanged: null };
    default:
      return { status: share };
  }
}

/** A page of a batch's replays behind the one with the id `after`, in their order; with a `share`, only those in it. */
export async function listBatchReplays(
  prisma: PrismaClient,
  {
    project,
    batchId,
    share,
    after,
    rowsMax,
  }: { project: string; batchId: string; share: ReplayShare | null; after: string | null; rowsMax: number },
): Promise<{ replays: KeptReplay[]; next: string | null }> {
  const where = { project, batchId, ...(share === null ? {} : ofShare(share)), ...(after === null ? {} : { id: { gt: after } }) };
  const rows = await askStateStore(() =>
    prisma.replayRow.findMany({ where, omit: { report: true }, include: NAMED, orderBy: { id: "asc" }, take: rowsMax + 1 }),
  );
  const replays = rows.slice(0, rowsMax).map(toKept);
  return { replays, next: rows.length > rowsMax ? (replays.at(-1)?.id ?? null) : null };
}

/** How both sides of a replay ended, and the trace of its task. */
export type ReplayEndings = { traceId: string; recorded: Ending; replayed: Ending };

/** How the replays of a batch ended that are done, by their ids: as much of their reports as their success goes by. */
export async function readReplayEndings(prisma: PrismaClient, batchId: string): Promise<Map<string, ReplayEndings>> {
  const side = (name: string) =>
    Prisma.sql`json_build_object('status', report -> ${name}::text -> 'status', 'verdict', report -> ${name}::text -> 'verdict')`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ id: string; traceId: string; recorded: unknown; replayed: unknown }[]>`
    SELECT replay.id, task.trace_id AS "traceId", ${side("recorded")} AS recorded, ${side("replayed")} AS replayed
    FROM replay JOIN task ON task.id = replay.task_id WHERE batch_id = ${batchId}::uuid AND report IS NOT NULL`,
  );
  const ending = (json: unknown): Ending => ReplaySide.pick({ status: true, verdict: true }).parse(json);
  return new Map(
    rows.map(({ id, traceId, recorded, replayed }) => [id, { traceId, recorded: ending(recorded), replayed: ending(replayed) }]),
  );
}
