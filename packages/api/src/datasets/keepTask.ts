import { userInfo } from "node:os";
import { writeDataset } from "@signalbox/db/prisma";
import { type DatasetItemContent, DatasetItemId, DatasetName, DatasetSplit } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { Project } from "../project.ts";

/** What a letter or a replay is kept as an item by: its id, the dataset, and of which part of it the item is to be. */
export const Keeping = z.strictObject({
  ...{ project: Project, id: z.uuid(), dataset: DatasetName },
  split: DatasetSplit.nullable().default(null),
});
type Keeping = z.infer<typeof Keeping>;

/**
 * Keeps what a task was asked as an item of a dataset, which is made if it
 * is not there. What the dataset asks and expects already is no new version.
 */
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
