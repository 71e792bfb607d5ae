import { readDeadLetter } from "@signalbox/db/prisma";
import { AppError, datasetItemOfTask } from "@signalbox/model";
import { Keeping, keepTask } from "../datasets/keepTask.ts";
import { procedure } from "../trpc.ts";

/** Saves the request of a letter's task as an item of a dataset: today's failure is tomorrow's eval case. */
export const keepAsItem = procedure.input(Keeping).mutation(async ({ ctx, input }) => {
  const detail = await readDeadLetter(ctx.state, input.project, input.id);
  if (detail === null) throw new AppError("not_found", `There is no dead letter ${input.id} in project ${input.project}.`);
  if (detail.letter.kind !== "task")
    throw new AppError("invalid_input", "Telemetry is no case for an agent.", { hint: "Keep a letter of a task." });
  const { id, taskId, traceId, fingerprint, cause, message, payload } = detail.letter;
  const asked = datasetItemOfTask(payload, { traceId, taskId });
  const failure = { deadLetterId: id, fingerprint, cause, failedWith: message };
  return keepTask(ctx, input, "letter", { ...asked, metadata: { ...asked.metadata, ...failure } });
});
