import {
  AppError,
  errorBody,
  FullReplay,
  isOfVersion,
  KeptReplay,
  nearestName,
  newId,
  ReplayPlan,
  type ReplayReport,
  type Scene,
  WORKER_GONE_AFTER_MS,
} from "@signalbox/model";
import { listAgentVersions, requireAgentVersion } from "./agentVersionStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";
import { dropOverlay } from "./worldStore.ts";

/** How replays are asked for, and by whom. */
export type ReplayOrder = { plan: ReplayPlan; actor: string; now: Date };

/** Why there is no report. */
export type FailedReplay = { code: string; message: string; hint?: string };

/** A replay that a worker has taken up. `attempt` is its fencing token. */
export type ReplayClaim = { id: string; taskId: string; plan: ReplayPlan; attempt: number };

/** How a replay ended: with a report, or with why there is none. */
export type ReplayEnd = { report: ReplayReport } | { error: FailedReplay };

/** How many replays of a batch are where, and how many of those that are done end otherwise than on record. */
export type ReplayCounts = { pending: number; running: number; done: number; failed: number; diverged: number; outcomeChanged: number };

/** A worker that has not said for so long that it works on a replay is taken to be dead. In milliseconds. */
const CLAIM_MS = 20_000;

/** A replay that so many workers took up is not tried again. */
const ATTEMPTS_MAX = 3;

/** How many versions are looked through for one that is served. */
const VERSIONS_MAX = 1_000;

const NAMED = { task: { select: { name: true } } } as const;

type Row = Omit<Prisma.ReplayRowGetPayload<{ include: typeof NAMED }>, "report">;

function toKept({ build: _, attempts: __, claimedUntil: ___, task: { name }, ...row }: Row): KeptReplay {
  const iso = (time: Date | null): string | null => time?.toISOString() ?? null;
  return KeptReplay.parse({ ...row, name, createdAt: iso(row.createdAt), startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) });
}

/** The overlay in which an attempt at a live replay writes: nobody's data but its own. What all its attempts share is in that of attempt 0: calls that left our stores, which none makes again. */
export function scratchOverlay({ id, attempt }: Pick<ReplayClaim, "id" | "attempt">): string {
  return `replay:${id}:${attempt}`;
}

/** The same, of a row of `replay` and an `attempt` of it. */
export const SCRATCH_OVERLAY = Prisma.sql`'replay:' || replay.id || ':' || attempt`;

/** Forgets what attempts at a replay wrote in their scratch overlays, from the attempt `first` to that of its claim. */
export async function dropScratch(
  prisma: PrismaClient,
  { id, attempt }: ReplayClaim,
  scene: Omit<Scene, "overlay">,
  first: 0 | 1,
): Promise<void> {
  for (let each: number = first; each <= attempt; each += 1)
    await dropOverlay(prisma, { ...scene, overlay: scratchOverlay({ id, attempt: each }) });
}

/**
 * The build whose workers must do a live replay: that of the version it runs against, or of the one that served the task last. Null where any may: of a version only the code's is named.
 * Throws `not_found` for a version that nobody registered, and `conflict` for one of which no worker is there, each with the nearest that is.
 */
async function requireBuild(
  prisma: PrismaClient,
  { mode, against }: ReplayPlan,
  served: string | undefined,
  now: Date,
): Promise<string | null> {
  const name = against ?? (mode === "live" ? served : undefined);
  if (name === undefined) return null;
  const versions = await listAgentVersions(prisma, VERSIONS_MAX);
  const goneBefore = now.getTime() - WORKER_GONE_AFTER_MS;
  const builds = new Set(versions.flatMap(({ seenAt, build }) => (seenAt !== null && Date.parse(seenAt) > goneBefore ? [build] : [])));
  const here = versions.filter(({ build }) => builds.has(build));
  if (here.some((version) => isOfVersion(version.name, name) && version.name !== name)) return null;
  const asked = versions.find((version) => version.name === name) ?? (await requireAgentVersion(prisma, name));
  if (mode === "recorded" || builds.has(asked.build)) return mode === "recorded" ? null : asked.build;
  const nearest = nearestName(
    name,
    here.map((version) => version.name),
  );
  throw new AppError("conflict", `No worker of version ${name} is there: what it asks and runs is gone.`, {
    hint:
      nearest === undefined
        ? "Start one, or see `./signalbox version list`."
        : `The nearest that is there is ${nearest}: --against ${nearest}`,
  });
}

/** A task that is to be replayed: `version` served it last. */
type Candidate = { id: string; project: string; status: string; version: string | undefined };

async function readCandidates(prisma: PrismaClient, taskIds: readonly string[]): Promise<Candidate[]> {
  const rows = await askStateStore(() =>
    prisma.task.findMany({
      where: { id: { in: [...taskIds] } },
      select: { id: true, project: true, status: true, attemptRows: { select: { version: true }, orderBy: { attempt: "desc" }, take: 1 } },
    }),
  );
  return rows.map(({ attemptRows, ...task }) => ({ ...task, version: attemptRows[0]?.version }));
}

/** Throws `conflict` for a task that is still under way. */
function requireEnded({ id, status }: Candidate): void {
  if (status === "done" || status === "dead") return;
  throw new AppError("conflict", `Task ${id} is still ${status}: there is no end to compare with.`, {
    hint: "Replay it when it is done or dead.",
  });
}

/** Asks for replays, each of a task and by workers of a build; answers their ids, in their order. Nobody has checked yet that the tasks can be replayed. */
export async function keepReplays(
  prisma: PrismaClient,
  tasks: readonly { taskId: string; project: string; build: string | null }[],
  { now, plan, actor, batchId }: ReplayOrder & { batchId: string | null },
): Promise<string[]> {
  const data = { actor, batchId, plan: plan as unknown as Prisma.InputJsonObject, status: "pending", createdAt: now };
  const rows = tasks.map((task) => ({ id: newId(), ...task, ...data }));
  await askStateStore(() => prisma.replayRow.createMany({ data: rows }));
  return rows.map(({ id }) => id);
}

/** Asks for a replay of a task of a project. Throws `not_found` and `conflict` for a task, or a version, that cannot be replayed as it stands. */
export async function startReplay(prisma: PrismaClient, project: string, taskId: string, order: ReplayOrder): Promise<KeptReplay> {
  const [task] = await readCandidates(prisma, [taskId]);
  if (task?.project !== project) throw new AppError("not_found", `There is no task ${taskId} in the project ${project}.`);
  requireEnded(task);
  const build = await requireBuild(prisma, order.plan, task.version, order.now);
  const [id] = await keepReplays(prisma, [{ taskId, project, build }], { ...order, batchId: null });
  const { report: _, ...replay } = await readReplay(prisma, project, String(id));
  return replay;
}

/** A task of a batch that is not replayed, with the reason. */
export type RefusedReplay = { taskId: string } & FailedReplay;

/** Asks for replays of tasks together; those that cannot be replayed as they stand are answered with the reason. */
export async function startReplays(
  prisma: PrismaClient,
  taskIds: readonly string[],
  order: ReplayOrder,
): Promise<{ batchId: string; refused: RefusedReplay[] }> {
  const batchId = newId();
  const candidates = await readCandidates(prisma, taskIds);
  const builds = new Map<string | undefined, Promise<string | null>>();
  for (const { version } of candidates) if (!builds.has(version)) builds.set(version, requireBuild(prisma, order.plan, version, order.now));
  const refused: RefusedReplay[] = [];
  const tasks: { taskId: string; project: string; build: string | null }[] = [];
  for (const candidate of candidates) {
    const { id: taskId, project, version } = candidate;
    try {
      requireEnded(candidate);
      tasks.push({ taskId, project, build: (await builds.get(version)) ?? null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ taskId, ...errorBody(error).error });
    }
  }
  await keepReplays(prisma, tasks, { ...order, batchId });
  return { batchId, refused };
}

/** A kept replay of a project, with its report once it is done. Throws `not_found`. */
export async function readReplay(prisma: PrismaClient, project: string, id: string): Promise<FullReplay> {
  const row = await askStateStore(() => prisma.replayRow.findFirst({ where: { id, project }, include: NAMED }));
  if (row === null) throw new AppError("not_found", `There is no replay ${id}.`);
  const { report, ...rest } = row;
  return FullReplay.parse({ ...toKept(rest), report });
}

/** Up to `rowsMax` kept replays, the latest first: those of a task of a project, or of a batch. */
export async function listReplays(
  prisma: PrismaClient,
  of: { project: string; taskId: string } | { batchId: string },
  rowsMax: number,
): Promise<KeptReplay[]> {
  const rows = await askStateStore(() =>
    prisma.replayRow.findMany({
      where: of,
      omit: { report: true },
      include: NAMED,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: rowsMax,
    }),
  );
  return rows.map(toKept);
}

/** How far a batch is. */
export async function countReplays(prisma: PrismaClient, batchId: string): Promise<ReplayCounts> {
  const [counts] = await askStateStore(
    () => prisma.$queryRaw<ReplayCounts[]>`
    SELECT count(*) FILTER (WHERE status = 'pending')::int AS pending, count(*) FILTER (WHERE status = 'running')::int AS running,
      count(*) FILTER (WHERE status = 'done')::int AS done, count(*) FILTER (WHERE status = 'failed')::int AS failed,
      count(*) FILTER (WHERE outcome = 'diverged')::int AS diverged, count(*) FILTER (WHERE outcome_changed)::int AS "outcomeChanged"
    FROM replay WHERE batch_id = ${batchId}::uuid`,
  );
  if (counts === undefined) throw new TypeError("PostgreSQL counted nothing");
  return counts;
}

/**
 * Takes up to `rowsMax` replays that wait for a worker of `build`, those asked for first at the front: also those whose worker died. One that several workers took up in vain is ended as failed,
 * for it may be what kills them.
 */
export async function claimReplays(prisma: PrismaClient, { build, rowsMax }: { build: string; rowsMax: number }): Promise<ReplayClaim[]> {
  const why = { code: "infrastructure", message: `${ATTEMPTS_MAX} workers took it up, and none came to its end.` };
  const rows = await askStateStore(async () => {
    await prisma.$executeRaw`
      UPDATE replay SET status = 'failed', claimed_until = NULL, ended_at = now(), error = ${JSON.stringify(why)}::json
      WHERE status = 'running' AND claimed_until < now() AND attempts >= ${ATTEMPTS_MAX}`;
    return prisma.$queryRaw<ReplayClaim[]>`
      UPDATE replay SET status = 'running', attempts = attempts + 1, started_at = COALESCE(started_at, now()),
        claimed_until = now() + make_interval(secs => ${CLAIM_MS / 1_000})
      WHERE id IN (
        SELECT id FROM replay
        WHERE (status = 'pending' OR (status = 'running' AND claimed_until < now())) AND (build IS NULL OR build = ${build})
        ORDER BY created_at, id LIMIT ${rowsMax} FOR UPDATE SKIP LOCKED)
      RETURNING id, task_id AS "taskId", plan, attempts AS attempt`;
  });
  return rows.map(({ plan, ...row }) => ({ ...row, plan: ReplayPlan.parse(plan) }));
}

/** Says that the workers of these claims live. */
export async function extendReplays(prisma: PrismaClient, claims: readonly ReplayClaim[]): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
    UPDATE replay SET claimed_until = now() + make_interval(secs => ${CLAIM_MS / 1_000})
    FROM unnest(${claims.map(({ id }) => id)}::uuid[], ${claims.map(({ attempt }) => attempt)}::integer[]) AS held (id, attempt)
    WHERE replay.id = held.id AND replay.attempts = held.attempt AND status = 'running'`,
  );
}

/** Ends a replay. Answers whether it was still its worker's to end. */
export async function endReplay(prisma: PrismaClient, { id, attempt }: ReplayClaim, end: ReplayEnd, now: Date): Promise<boolean> {
  const result =
    "error" in end
      ? { status: "failed", error: end.error }
      : {
          ...{ status: "done", report: end.report, outcome: end.report.outcome, outcomeChanged: end.report.outcomeChanged },
          ...{ divergence: end.report.divergence ?? Prisma.DbNull, costUsd: end.report.askedCostUsd },
        };
  const { count } = await askStateStore(() =>
    prisma.replayRow.updateMany({
      where: { id, attempts: attempt, status: "running" },
      data: { ...(result as Prisma.ReplayRowUpdateManyMutationInput), claimedUntil: null, endedAt: now },
    }),
  );
  return count === 1;
}

/** Puts a replay back that its worker cannot end, because it closes. */
export async function releaseReplay(prisma: PrismaClient, { id, attempt }: ReplayClaim): Promise<void> {
  await askStateStore(() =>
    prisma.replayRow.updateMany({
      where: { id, attempts: attempt, status: "running" },
      data: { status: "pending", claimedUntil: null },
    }),
  );
}
