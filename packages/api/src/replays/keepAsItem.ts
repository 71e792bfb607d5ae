import { findTask, findTaskRequest, readReplay } from "@signalbox/db/prisma";
import { AppError, datasetItemOfTask } from "@signalbox/model";
import { Keeping, keepTask } from "../datasets/keepTask.ts";
import { procedure } from "../trpc.ts";

/** Saves a replayed task's request as an item of a dataset, with the replay's plan and result. */
export const keepAsItem = procedure.input(Keeping).mutation(async ({ ctx, input }) => {
  const { id, taskId, plan, outcome, divergence } = await readReplay(ctx.state, input.project, input.id);
  const [task, request] = await Promise.all([findTask(ctx.state, taskId), findTaskRequest(ctx.state, input.project, taskId)]);
  if (task === null || request === null) throw new AppError("not_found", `The task ${taskId} of replay ${id} is gone.`);
  const asked = datasetItemOfTask(request, { traceId: task.traceId, taskId });
  const parts = divergence === null ? {} : { partsAt: { step: divergence.step, field: divergence.field } };
  const replay = { replayId: id, mode: plan.mode, ...(outcome === null ? {} : { outcome }), ...parts };
  const content = { ...asked, metadata: { ...asked.metadata, ...replay } };
  return keepTask(ctx, input, { id: `replay ${id}`, content }, `replay ${id}`);
});
