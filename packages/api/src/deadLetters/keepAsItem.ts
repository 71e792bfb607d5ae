import { userInfo } from "node:os";
import { readDeadLetter, writeDataset } from "@signalbox/db/prisma";
import { AppError, DatasetName, DatasetSplit, type TaskLetter } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure } from "../trpc.ts";

/** What an eval case of a letter says: what the agent was given and what was to be right, under an id that stays the same however often it is kept. */
function itemOf({ id, taskId, traceId, fingerprint, cause, message, payload }: TaskLetter, split: string | null) {
  const { domain, world, message: asked, planner, expectation } = payload;
  return {
    kind: "put" as const,
    id: `letter ${id}`,
    content: {
      input: { domain, world, message: asked, planner },
      expectedOutput: expectation?.outputs ?? null,
      expectedToolCalls: expectation?.actions ?? null,
      expectedState: null,
      metadata: { deadLetterId: id, fingerprint, cause, failedWith: message },
      split,
      source: { traceId, taskId },
    },
  };
}

/** Keeps what a letter's task was asked as an item of a dataset, which is made if it is not there: the failure of today is an eval case of tomorrow. Kept again it is no new version. */
export const keepAsItem = procedure
  .input(z.strictObject({ project: Project, id: z.uuid(), dataset: DatasetName, split: DatasetSplit.nullable().default(null) }))
  .mutation(async ({ ctx, input: { project, id, dataset, split } }) => {
    const detail = await readDeadLetter(ctx.state, project, id);
    if (detail === null) throw new AppError("not_found", `There is no dead letter ${id} in project ${project}.`);
    if (detail.letter.kind !== "task")
      throw new AppError("invalid_input", "Telemetry is no case for an agent.", { hint: "Keep a letter of a task." });
    const { version, isNew } = await writeDataset(ctx.state, {
      ...{ project, name: dataset, changes: [[itemOf(detail.letter, split)]], create: true, duplicates: "skip" },
      ...{ note: `dead letter ${id}`, actor: userInfo().username, now: new Date(ctx.now()) },
    });
    return { dataset, version: version.number, items: version.items, isNew };
  });
