import { listGroupLetters, readDeadLetter } from "@signalbox/db/prisma";
import { AppError, datasetItemOfTask, type TaskLetter } from "@signalbox/model";
import { z } from "zod";
import { Keeping, KeepingPlace, type KeptTask, keepTask, keepTasks } from "../datasets/keepTask.ts";
import { KEPT_LETTERS_MAX } from "../listLimits.ts";
import { procedure } from "../trpc.ts";

/** The request of a letter's task as an item that says how it failed: today's failure is tomorrow's eval case. */
function caseOf({ id, taskId, traceId, fingerprint, cause, message, payload }: TaskLetter): KeptTask {
  const asked = datasetItemOfTask(payload, { traceId, taskId });
  const failure = { deadLetterId: id, fingerprint, cause, failedWith: message };
  return { id: `letter ${id}`, content: { ...asked, metadata: { ...asked.metadata, ...failure } } };
}

/** Saves the request of a letter's task as an item of a dataset. */
export const keepAsItem = procedure.input(Keeping).mutation(async ({ ctx, input }) => {
  const detail = await readDeadLetter(ctx.state, input.project, input.id);
  if (detail === null) throw new AppError("not_found", `There is no dead letter ${input.id} in project ${input.project}.`);
  if (detail.letter.kind !== "task")
    throw new AppError("invalid_input", "Telemetry is no case for an agent.", { hint: "Keep a letter of a task." });
  return keepTask(ctx, input, caseOf(detail.letter), `dead letter ${input.id}`);
});

/**
 * Saves the requests of a group's tasks as items of a dataset, in one version: of its `letters` the latest `taken`. `added` are new to
 * the dataset; the others ask and expect the same as an item, or were kept before. Throws `not_found` for a group without tasks.
 */
export const keepGroup = procedure
  .input(KeepingPlace.extend({ fingerprint: z.string().min(1).max(200) }))
  .mutation(async ({ ctx, input }) => {
    const { letters, total } = await listGroupLetters(ctx.state, input, KEPT_LETTERS_MAX);
    if (total === 0)
      throw new AppError("not_found", `There are no dead letters of tasks in the group ${input.fingerprint} of project ${input.project}.`);
    const { version, isNew } = await keepTasks(ctx, input, letters.map(caseOf), `dead letters of the group ${input.fingerprint}`);
    const added = isNew ? version.added : 0;
    return { dataset: input.dataset, version: version.number, items: version.items, letters: total, taken: letters.length, added };
  });
