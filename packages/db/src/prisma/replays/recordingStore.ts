import {
  AppError,
  Evaluation,
  NamedError,
  REPLAY_BATCH_MAX,
  RecordedAttempt,
  type ReplayVerdict,
  TaskRecording,
  TaskRequest,
} from "@signalbox/model";
import { listDecisionsOf } from "../decisions/decisionStore.ts";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { listStepsOf } from "../tasks/stepStore.ts";

/** The finished tasks of a project to replay: those of a group of dead letters, or those requested in a time range (`until` exclusive). */
export type ReplayableFilter = { project: string } & ({ fingerprint: string } | { since: Date; until: Date });

type FullTask = Prisma.TaskGetPayload<{ include: { attemptRows: true; deadLetters: true; evaluation: true } }>;

type AttemptRow = FullTask["attemptRows"][number];

/** The recorded error of an attempt; complete where the attempt ended its run, since the dead letter keeps it. */
function errorOf(
  { deadLetters }: FullTask,
  { run, attempt, errorClass, errorMessage }: AttemptRow,
  attempts: AttemptRow[],
): RecordedAttempt["error"] {
  if (errorClass === null) return null;
  const isLast = attempts.findLast((one) => one.run === run)?.attempt === attempt;
  const letter = isLast ? deadLetters.find((one) => one.run === run) : undefined;
  return {
    ...{ class: errorClass, message: errorMessage ?? "" },
    ...{ chain: NamedError.array().parse(letter?.errorChain ?? []), frame: letter?.frame ?? null },
    ...{ service: letter?.service ?? null, tool: letter?.tool ?? null },
  };
}

function attemptsOf(task: FullTask): RecordedAttempt[] {
  const { attemptRows } = task;
  return attemptRows.map((row) =>
    RecordedAttempt.parse({
      ...{ attempt: row.attempt, run: row.run, worker: row.worker, version: row.version, outcome: row.outcome },
      startedAt: row.startedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      error: errorOf(task, row, attemptRows),
    }),
  );
}

/**
 * The request of each run: a dead letter keeps that of the run it ended, the task that of its last. Null for a run whose letter is gone.
 */
export function keptRequestsOf({
  run,
  request,
  deadLetters,
}: {
  run: number;
  request: unknown;
  deadLetters: readonly { run: number; payload: unknown }[];
}): (TaskRequest | null)[] {
  return Array.from({ length: run }, (_, index) => {
    const letter = deadLetters.find((one) => one.run === index + 1);
    if (letter !== undefined) return TaskRequest.parse(letter.payload);
    return index + 1 === run ? TaskRequest.parse(request) : null;
  });
}

/** The runs that ended in a dead letter which no longer exists. */
function runsWithoutLetter({ run, status, deadLetters }: FullTask): number[] {
  const ended = Array.from({ length: status === "dead" ? run : run - 1 }, (_, index) => index + 1);
  return ended.filter((one) => !deadLetters.some((letter) => letter.run === one));
}

function verdictOf({ evaluation }: FullTask): ReplayVerdict | null {
  if (evaluation === null) return null;
  const { reward, dataMatches, outputsMatch } = Evaluation.parse({
    ...{ taskId: evaluation.taskId, reward: evaluation.reward, dataMatches: evaluation.dataMatches },
    ...{ outputsMatch: evaluation.outputsMatch, dataHash: evaluation.dataHash },
  });
  // The score of the ending follows from the result, which tells how the conversation ended; only the other two are stored.
  return { reward, finalState: dataMatches, outputs: outputsMatch, ending: null };
}

/** The recordings of those tasks of `taskIds` that exist, in their order. */
export async function readRecordings(prisma: PrismaClient, taskIds: readonly string[]): Promise<TaskRecording[]> {
  const tasks = await askStateStore(() =>
    prisma.task.findMany({
      where: { id: { in: [...taskIds] } },
      include: {
        attemptRows: { orderBy: { attempt: "asc" } },
        deadLetters: { orderBy: { run: "asc" } },
        evaluation: true,
      },
    }),
  );
  const [steps, decisions] = await Promise.all([listStepsOf(prisma, taskIds), listDecisionsOf(prisma, taskIds)]);
  const decided = Map.groupBy(decisions, ({ taskId }) => taskId);
  const recordings = tasks.map((task) =>
    TaskRecording.parse({
      ...{ id: task.id, status: task.status, traceId: task.traceId, result: task.result, error: task.error },
      // A run whose letter is gone (`runsWithoutLetter`) is not replayed; the last request stands in its place.
      requests: keptRequestsOf(task).map((request) => request ?? TaskRequest.parse(task.request)),
      runsWithoutLetter: runsWithoutLetter(task),
      attempts: attemptsOf(task),
      steps: steps.get(task.id) ?? [],
      decisions: (decided.get(task.id) ?? []).toSorted((one, other) => one.seq - other.seq),
      verdict: verdictOf(task),
    }),
  );
  const byId = new Map(recordings.map((recording) => [recording.id, recording]));
  return taskIds.flatMap((id) => byId.get(id) ?? []);
}

/** The ids of up to `rowsMax` finished tasks that match a filter, earliest request first. */
export async function listReplayable(prisma: PrismaClient, filter: ReplayableFilter, rowsMax: number): Promise<string[]> {
  const where: Prisma.TaskWhereInput =
    "fingerprint" in filter
      ? { deadLetters: { some: { fingerprint: filter.fingerprint } } }
      : { createdAt: { gte: filter.since, lt: filter.until } };
  const rows = await askStateStore(() =>
    prisma.task.findMany({
      where: { ...where, project: filter.project, status: { in: ["done", "dead"] } },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { id: true },
      take: rowsMax,
    }),
  );
  return rows.map(({ id }) => id);
}

/**
 * The tasks that a filter names, to be replayed in one go. Throws `not_found` when
 * there are none, and `invalid_input` when they are more than `REPLAY_BATCH_MAX`.
 */
export async function requireReplayable(prisma: PrismaClient, filter: ReplayableFilter): Promise<string[]> {
  const ids = await listReplayable(prisma, filter, REPLAY_BATCH_MAX + 1);
  if (ids.length > REPLAY_BATCH_MAX)
    throw new AppError("invalid_input", `These are more than ${REPLAY_BATCH_MAX} tasks.`, {
      hint: "Replay them by the time in which they were asked for, in parts: ./signalbox replay --since … --until ….",
    });
  if (ids.length > 0) return ids;
  throw new AppError(
    "not_found",
    "fingerprint" in filter
      ? `No dead letter of the project ${filter.project} has the fingerprint ${filter.fingerprint}, and a task that has ended.`
      : `No task of the project ${filter.project} ended that was asked for in that time.`,
  );
}
