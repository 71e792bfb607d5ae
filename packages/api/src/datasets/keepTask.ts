import { userInfo } from "node:os";
import { type DatasetWritten, writeDataset } from "@signalbox/db/prisma";
import { type DatasetItemContent, DatasetItemId, DatasetName, DatasetSplit } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { Project } from "../project.ts";

/** The dataset that items are saved in, and their split. */
export const KeepingPlace = z.strictObject({
  ...{ project: Project, dataset: DatasetName },
  split: DatasetSplit.nullable().default(null),
});

/** The input for saving a letter or a replay as an item: its id, the dataset, and the item's split. */
export const Keeping = KeepingPlace.extend({ id: z.uuid() });

/** A task's request as an item: `id` says what it was kept from. */
export type KeptTask = { readonly id: string; readonly content: DatasetItemContent };

/** Saves tasks' requests as items of a dataset, which is created if it does not exist, in one version. Duplicates make no new version. */
export function keepTasks(
  ctx: Context,
  { project, dataset, split }: z.infer<typeof KeepingPlace>,
  tasks: readonly KeptTask[],
  note: string,
): Promise<DatasetWritten> {
  return writeDataset(ctx.bulk, {
    ...{ project, name: dataset, create: true, duplicates: "skip", note },
    changes: [tasks.map(({ id, content }) => ({ kind: "put", id: DatasetItemId.parse(id), content: { ...content, split } }))],
    ...{ actor: userInfo().username, now: new Date(ctx.now()) },
  });
}

/** Saves one task's request; its answer says whether it was new. */
export async function keepTask(ctx: Context, place: z.infer<typeof KeepingPlace>, task: KeptTask, note: string) {
  const { version, isNew } = await keepTasks(ctx, place, [task], note);
  return { dataset: place.dataset, version: version.number, items: version.items, isNew };
}
