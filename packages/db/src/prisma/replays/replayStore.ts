import { AppError, FullReplay, isOfVersion, KeptReplay, nearestName, newId, type ReplayPlan, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { listAgentVersions, type RegisteredVersion, requireAgentVersion } from "../versions/agentVersionStore.ts";
import type { ReplayableFilter } from "./recordingStore.ts";

/** An order for replays: the plan, who asked, and why. Replays with external effects need a reason and are recorded as an act. */
export type ReplayOrder = { plan: ReplayPlan; actor: string; reason: string | null; now: Date };

/** A batch of replays to store: its id, what it is of, and the number of replays wanted. */
export type NewBatch = { id: string; of: ReplayableFilter; wanted: number };

/** Why there is no report. */
export type FailedReplay = { code: string; message: string; hint?: string };

/** The most versions that are searched for one that is served. */
const VERSIONS_MAX = 1_000;

/** A replay's row is read with the name of its task. */
export const NAMED = { task: { select: { name: true } } } as const;

type Row = Omit<Prisma.ReplayRowGetPayload<{ include: typeof NAMED }>, "report">;

/** A row as what is kept of a replay. */
export function toKept({ task: { name }, createdAt, startedAt, endedAt, ...row }: Row): KeptReplay {
  const { build: _, attempts: _a, claimedUntil: _c, notBefore: _n, deaths: _d, outsideCalls: _o, ...kept } = row;
  const iso = (time: Date | null): string | null => time?.toISOString() ?? null;
  return KeptReplay.parse({ ...kept, name, createdAt: iso(createdAt), startedAt: iso(startedAt), endedAt: iso(endedAt) });
}

/** A live build with the given code; null where all of them have it, or none. */
function buildWithCode(here: readonly RegisteredVersion[], code: string): string | null {
  const ofCode = here.filter(({ manifest }) => manifest.code === code);
  return ofCode.length === here.length ? null : (ofCode[0]?.build ?? null);
}

/**
 * The build whose workers must run a replay: that of the version it runs against, or of the one that last served the task. A
 * recorded replay, and one against a code version alone, needs a build with that code. Null where any will do. Throws `not_found`
 * for an unregistered version, and `conflict` where no worker of a live replay's version exists, each with the nearest alternative.
 */
export async function requireBuild(
  prisma: PrismaClient,
  { mode, against }: ReplayPlan,
  served: string | undefined,
  now: Date,
): Promise<string | null> {
  const name = against ?? served;
  if (name === undefined) return null;
  const versions = await listAgentVersions(prisma, VERSIONS_MAX);
  const goneBefore = now.getTime() - WORKER_GONE_AFTER_MS;
  const builds = new Set(versions.flatMap(({ seenAt, build }) => (seenAt !== null && Date.parse(seenAt) > goneBefore ? [build] : [])));
  const here = versions.filter(({ build }) => builds.has(build));
  if (here.some((version) => isOfVersion(version.name, name) && version.name !== name)) return buildWithCode(here, name);
  const known = versions.find((version) => version.name === name);
  if (mode === "recorded" && against === null) return known === undefined ? null : buildWithCode(here, known.manifest.code);
  const asked = known ?? (await requireAgentVersion(prisma, name));
  if (mode === "recorded") return buildWithCode(here, asked.manifest.code);
  if (builds.has(asked.build)) return asked.build;
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

/** A task to replay: `version` served it last. */
export type Candidate = { id: string; project: string; status: string; version: string | undefined };

/** Those of the tasks that exist, as candidates. */
export async function readCandidates(prisma: PrismaClient, taskIds: readonly string[]): Promise<Candidate[]> {
  const rows = await askStateStore(() =>
    prisma.task.findMany({
      where: { id: { in: [...taskIds] } },
      select: { id: true, project: true, status: true, attemptRows: { select: { version: true }, orderBy: { attempt: "desc" }, take: 1 } },
    }),
  );
  return rows.map(({ attemptRows, ...task }) => ({ ...task, version: attemptRows[0]?.version }));
}

/** Throws `conflict` for a task that is still under way. */
export function requireEnded({ id, status }: Candidate): void {
  if (status === "done" || status === "dead") return;
  throw new AppError("conflict", `Task ${id} is still ${status}: there is no end to compare with.`, {
    hint: "Replay it when it is done or dead.",
  });
}

/** A task to be replayed by workers of a build, or (with an `error`) one that cannot be, which is kept as failed. */
export type AskedTask = { taskId: string; build: string | null; error?: FailedReplay };

/**
 * Stores replays of a project's tasks, each for workers of a build, together with their batch; returns their
 * ids, in order. Does not check whether the tasks can be replayed. Replays with external effects are recorded
 * as an act on their task, or on their batch; without a reason they throw `invalid_input`.
 */
export async function keepReplays(
  prisma: PrismaClient,
  project: string,
  tasks: readonly AskedTask[],
  { now, plan: asked, actor, reason, batch }: ReplayOrder & { batch: NewBatch | null },
): Promise<string[]> {
  const { mode, from, against, model, allowsEffects } = asked;
  if (allowsEffects && reason === null)
    throw new AppError("invalid_input", "A replay that has effects outside needs a reason, for the record.", {
      hint: "Say why, in a few words: --reason '…'.",
    });
  const plan = asked as unknown as Prisma.InputJsonObject;
  const batchId = batch?.id ?? null;
  const data = { project, actor, batchId, plan, status: "pending", createdAt: now };
  const rows = tasks.map((task) => ({
    id: newId(),
    ...task,
    ...data,
    ...(task.error === undefined ? {} : { status: "failed", endedAt: now }),
  }));
  const subject = batchId ?? rows[0]?.taskId;
  const detail = { replays: rows.length, mode, from, against, model };
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      if (batch !== null) {
        const { id, of, wanted } = batch;
        await transaction.replayBatchRow.create({ data: { id, ...of, project, plan, wanted, actor, createdAt: now } });
      }
      await transaction.replayRow.createMany({ data: rows });
      if (allowsEffects && subject !== undefined)
        await audit(transaction, [{ project, act: "replay_asked", subject, actor, reason: String(reason), detail, now }]);
    }),
  );
  return rows.map(({ id }) => id);
}

/** Starts a replay of a task of a project. Throws `not_found` and `conflict` for a task, or a version, that cannot be replayed now. */
export async function startReplay(prisma: PrismaClient, project: string, taskId: string, order: ReplayOrder): Promise<KeptReplay> {
  const [task] = await readCandidates(prisma, [taskId]);
  if (task?.project !== project) throw new AppError("not_found", `There is no task ${taskId} in the project ${project}.`);
  requireEnded(task);
  const build = await requireBuild(prisma, order.plan, task.version, order.now);
  const [id] = await keepReplays(prisma, project, [{ taskId, build }], { ...order, batch: null });
  const { report: _, ...replay } = await readReplay(prisma, project, String(id));
  return replay;
}

/** A stored replay of a project, with its report once it is done. Throws `not_found`. */
export async function readReplay(prisma: PrismaClient, project: string, id: string): Promise<FullReplay> {
  const row = await askStateStore(() => prisma.replayRow.findFirst({ where: { id, project }, include: NAMED }));
  if (row === null) throw new AppError("not_found", `There is no replay ${id}.`);
  const { report, ...rest } = row;
  return FullReplay.parse({ ...toKept(rest), report });
}

/** Up to `rowsMax` stored replays, latest first: those of a task of a project, or of a batch. */
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
