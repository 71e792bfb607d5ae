import {
  AppError,
  type Ending,
  errorBody,
  type KeptReplay,
  newId,
  ReplayBatch,
  type ReplayPlan,
  type ReplayShare,
  ReplaySide,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
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

/** Asks for replays of tasks of a project together; answers their batch. Those that cannot be replayed as they stand are kept as failed. */
export async function startReplays(prisma: PrismaClient, project: string, taskIds: readonly string[], order: ReplayOrder): Promise<string> {
  const batchId = newId();
  await keepReplays(prisma, project, await judgeTasks(prisma, project, taskIds, order), { ...order, batchId });
  return batchId;
}

/** The share of its batch to which a row of `replay` belongs. */
const SHARE = Prisma.sql`CASE WHEN status <> 'done' THEN status WHEN outcome = 'identical' THEN 'identical'
  WHEN outcome_changed THEN 'ends_otherwise' WHEN outcome_changed IS NULL THEN 'stopped' ELSE 'diverged' END`;

const countOf = (share: ReplayShare): Prisma.Sql => Prisma.sql`${share}::text, count(*) FILTER (WHERE ${SHARE} = ${share})`;

/** Batches as `ReplayBatch` has them, the latest first: those whose ids `which` selects. */
function readBatches(prisma: PrismaClient, project: string, which: Prisma.Sql): Promise<ReplayBatch[]> {
  const counts = ReplayBatch.shape.counts.keyType.options.map(countOf);
  return askStateStore(async () => {
    const rows = await prisma.$queryRaw<{ createdAt: Date }[]>`
      SELECT batch_id AS id, project, min(actor) AS actor, min(created_at) AS "createdAt", count(*)::int AS replays,
        json_build_object(${Prisma.join(counts)}) AS counts,
        (SELECT plan FROM replay AS first WHERE first.batch_id = replay.batch_id LIMIT 1) AS plan
      FROM replay WHERE project = ${project} AND batch_id IN (${which}) GROUP BY batch_id, project ORDER BY min(created_at) DESC, batch_id DESC`;
    return rows.map((row) => ReplayBatch.parse({ ...row, createdAt: row.createdAt.toISOString() }));
  });
}

/** Replays of a project that were asked for together, and how far they are. Throws `not_found`. */
export async function readReplayBatch(prisma: PrismaClient, project: string, id: string): Promise<ReplayBatch> {
  const [batch] = await readBatches(prisma, project, Prisma.sql`SELECT ${id}::uuid`);
  if (batch !== undefined) return batch;
  throw new AppError("not_found", `There is no batch of replays ${id} in the project ${project}.`, {
    hint: "Replays go with their tasks, and with the project's retention.",
  });
}

/** Up to `rowsMax` batches in which tasks of a group of dead letters were replayed, the latest first. */
export function listGroupBatches(prisma: PrismaClient, project: string, fingerprint: string, rowsMax: number): Promise<ReplayBatch[]> {
  return readBatches(
    prisma,
    project,
    Prisma.sql`SELECT replay.batch_id FROM dead_letter JOIN replay ON replay.task_id = dead_letter.task_id
      WHERE dead_letter.project = ${project} AND dead_letter.fingerprint = ${fingerprint} AND replay.batch_id IS NOT NULL
      GROUP BY replay.batch_id ORDER BY max(replay.created_at) DESC, replay.batch_id LIMIT ${rowsMax}`,
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
