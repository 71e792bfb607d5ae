import { createDataset, type DatasetWritten, writeDataset } from "@signalbox/db/prisma";
import { readDatasetFile } from "@signalbox/evals";
import type { Dataset, DatasetChange } from "@signalbox/model";
import type { Context } from "../context.ts";

/** A file as read by a person's browser: its name, whose extension gives its kind, and its text. */
export interface UploadedFile {
  readonly name: string;
  readonly text: string;
}

/** Every item of an uploaded file. Throws `invalid_input` with the faulty lines and their faults. */
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
 * Creates a dataset: empty, or with the items of a file as its first version. The
 * file is read before anything is created. Throws `conflict` where the name is taken.
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
