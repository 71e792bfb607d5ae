import { type ReplayClaim, readManifests, readRecordings } from "@signalbox/db/prisma";
import { AppError, type ReplayReport } from "@signalbox/model";
import type { WorkerMeans } from "../worker/worker.ts";
import { replayLive } from "./live/replayLive.ts";
import { replayTask } from "./replayTask.ts";

/**
 * Runs a requested replay; a live one stops once `halt` is aborted. Throws what `replayTask` and `replayLive` throw, and `not_found` for a
 * task that was erased meanwhile.
 */
export async function replayKept(means: WorkerMeans, claim: ReplayClaim, halt: AbortSignal): Promise<ReplayReport> {
  const { prisma } = means;
  const { taskId, plan } = claim;
  const [recording] = await readRecordings(prisma, [taskId]);
  if (recording === undefined) throw new AppError("not_found", `There is no task ${taskId}.`);
  const manifests = await readManifests(prisma, plan.against);
  return plan.mode === "live" ? replayLive({ ...means, manifests, halt }, recording, claim) : replayTask(recording, plan, { manifests });
}
