import { createDataset, type DatasetWritten, writeDataset } from "@signalbox/db/prisma";
import { readDatasetFile } from "@signalbox/evals";
import type { Dataset, DatasetChange } from "@signalbox/model";
import type { Context } from "../context.ts";

/** A file as a person's browser has read it: its name, whose end says its kind, and its text. */
export interface UploadedFile {
  readonly name: string;
  readonly text: string;
}

/** Every item of an uploaded file. Throws `invalid_input` that says which lines are wrong, and how. */
async function itemsOf({ name, text }: UploadedFile): Promise<DatasetChange[]> {
  const bytes = new TextEncoder().encode(text);
  const { batches } = await readDatasetFile(
    {
      name,
      text: async () => text,
      async *lines() {
        yield* text.split(/\r?\n/);
      },
      bytes: { byteLength: bytes.byteLength, slice: async (start, end) => bytes.slice(start, end).buffer },
    },
    {},
  );
  const items: DatasetChange[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/**
 * Makes a dataset: without a version, or with the items of a file as its first. The
 * file is read before anything is made. Throws `conflict` where the name is taken.
 */
export async function createFromFile(
  ctx: Pick<Context, "bulk" | "now">,
  { file, ...dataset }: Pick<Dataset, "project" | "name" | "description"> & { file: UploadedFile | null },
  actor: string,
): Promise<{ written: DatasetWritten | null }> {
  const items = file === null ? [] : await itemsOf(file);
  const now = new Date(ctx.now());
  await createDataset(ctx.bulk, dataset, now);
  if (file === null) return { written: null };
  const { project, name } = dataset;
  const note = `imported from ${file.name}`;
  return { written: await writeDataset(ctx.bulk, { project, name, changes: [items], duplicates: "skip", note, actor, now }) };
}
