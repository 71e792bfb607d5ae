import { type ReplayClaim, readManifests, readRecordings } from "@signalbox/db/prisma";
import { AppError, type ReplayReport } from "@signalbox/model";
import type { WorkerMeans } from "../worker/worker.ts";
import { replayTask } from "./replayTask.ts";

/** Does a replay that somebody asked for. Throws what `replayTask` throws, and `not_found` for a task that was erased meanwhile. */
export async function replayKept({ prisma }: WorkerMeans, { taskId, plan }: ReplayClaim): Promise<ReplayReport> {
  const [recording] = await readRecordings(prisma, [taskId]);
  if (recording === undefined) throw new AppError("not_found", `There is no task ${taskId}.`);
  const manifests = await readManifests(prisma, plan.against);
  return replayTask(recording, plan, { manifests });
}
