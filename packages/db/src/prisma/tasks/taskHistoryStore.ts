import { knownRequests, type Task, type TaskHistory } from "@signalbox/model";
import { listDecisionsAfter } from "../decisions/decisionStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { keptRequestsOf } from "../replays/recordingStore.ts";
import { listStepsAfter } from "./stepStore.ts";
import { toTask } from "./taskStore.ts";

/**
 * A task with the beginning of its record. `letters` are its dead letters,
 * one for each run that was given up; `isTruncated` says that there is more.
 */
export type RecordedTask = {
  task: Task;
  letters: { id: string; run: number }[];
  history: TaskHistory;
  isTruncated: boolean;
};

/** A task of a project with up to `rowsMax` of its steps and as many of its decisions, or null. */
export async function readTaskHistory(prisma: PrismaClient, project: string, id: string, rowsMax: number): Promise<RecordedTask | null> {
  const [row, steps, decisions] = await Promise.all([
    prisma.task.findFirst({
      where: { id, project },
      include: { deadLetters: { orderBy: { run: "asc" }, select: { id: true, run: true, payload: true } } },
    }),
    listStepsAfter(prisma, id, 0, rowsMax + 1),
    listDecisionsAfter(prisma, id, -1, rowsMax + 1),
  ]);
  if (row === null) return null;
  const [shownSteps, shownDecisions] = [steps.slice(0, rowsMax), decisions.slice(0, rowsMax)];
  return {
    task: toTask(row),
    letters: row.deadLetters.map((letter) => ({ id: letter.id, run: letter.run })),
    history: {
      ...{ id, steps: shownSteps, decisions: shownDecisions },
      requests: knownRequests(keptRequestsOf(row), shownSteps, shownDecisions),
    },
    isTruncated: steps.length > rowsMax || decisions.length > rowsMax,
  };
}
