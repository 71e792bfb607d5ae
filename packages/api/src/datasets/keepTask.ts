import { userInfo } from "node:os";
import { writeDataset } from "@signalbox/db/prisma";
import { type DatasetItemContent, DatasetItemId, DatasetName, DatasetSplit } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { Project } from "../project.ts";

/** The input for saving a letter or a replay as an item: its id, the dataset, and the item's split. */
export const Keeping = z.strictObject({
  ...{ project: Project, id: z.uuid(), dataset: DatasetName },
  split: DatasetSplit.nullable().default(null),
});
type Keeping = z.infer<typeof Keeping>;

/** Saves a task's request as an item of a dataset, which is created if it does not exist. A duplicate makes no new version. */
export async function keepTask(
  ctx: Context,
  { project, dataset, id, split }: Keeping,
  of: "letter" | "replay",
  content: DatasetItemContent,
) {
  const { version, isNew } = await writeDataset(ctx.state, {
    ...{ project, name: dataset, create: true, duplicates: "skip" },
    changes: [[{ kind: "put", id: DatasetItemId.parse(`${of} ${id}`), content: { ...content, split } }]],
    ...{ note: of === "letter" ? `dead letter ${id}` : `replay ${id}`, actor: userInfo().username, now: new Date(ctx.now()) },
  });
  return { dataset, version: version.number, items: version.items, isNew };
}
