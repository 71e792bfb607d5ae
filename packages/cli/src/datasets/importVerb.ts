import { userInfo } from "node:os";
import { type DatasetWritten, writeDataset } from "@signalbox/db/prisma";
import { DATASET_FORMATS } from "@signalbox/evals";
import { AppError, DatasetName, DatasetSplit, formatDatasetReference, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { datasetNameOf, openSource } from "./openSource.ts";

/** The flags of `signalbox dataset import`. */
interface ImportFlags {
  project: string;
  name?: string;
  format?: string;
  input?: string[];
  expected?: string[];
  split?: string;
  note?: string;
  keepDuplicates?: boolean;
}

const Arguments = z.object({
  project: ProjectName,
  name: DatasetName,
  format: z.enum(DATASET_FORMATS as [string, ...string[]]).optional(),
  split: DatasetSplit.optional(),
  note: z.string().max(500),
});

/** The most duplicates that are listed for people. */
const TOLD_MAX = 5;

/**
 * `signalbox dataset import <path>`: 0 when every item is in the latest version of the dataset. Importing the same again makes no version.
 */
export const datasetImport: Act<ImportFlags> = async ({ output, env, args: [path = ""], flags }) => {
  const { project, name, format, split, note } = parseArguments(Arguments, {
    ...{ project: flags.project, name: flags.name ?? datasetNameOf(path), format: flags.format, split: flags.split },
    note: flags.note ?? `imported from ${datasetNameOf(path)}`,
  });
  if (flags.expected !== undefined && flags.input === undefined)
    throw new AppError("invalid_input", "--expected names columns, and no --input does.", {
      hint: "--input names the column that is asked.",
    });
  const columns = flags.input === undefined ? undefined : { input: flags.input, expected: flags.expected ?? [] };
  const source = await openSource(path, {
    ...(format === undefined ? {} : { format }),
    ...(columns === undefined ? {} : { columns }),
    ...(split === undefined ? {} : { split }),
  });
  await using store = openStateStore(loadConfig(env, flags));
  const progress = startProgress(output, "Items", source.count);
  let written: DatasetWritten;
  try {
    written = await writeDataset(store, {
      ...{ project, name, changes: source.batches(), create: true, note, actor: userInfo().username, now: new Date() },
      duplicates: flags.keepDuplicates === true ? "keep" : "skip",
      written: (changes) => progress.update(changes),
    });
  } finally {
    progress.stop();
  }
  const { version, isNew, unchanged, duplicates } = written;
  const passedOver = source.passedOver();
  const report = { project, dataset: name, rows: source.count, isNew, version, unchanged, duplicates, passedOver };
  output.result(report, () => reportText(report));
  return EXIT.pass;
};

function reportText({
  dataset,
  rows,
  isNew,
  version,
  unchanged,
  duplicates,
  passedOver,
}: Pick<DatasetWritten, "isNew" | "version" | "unchanged" | "duplicates"> & {
  dataset: string;
  rows: number;
  passedOver: Record<string, number>;
}): string {
  const reference = formatDatasetReference(dataset, version);
  const made = isNew
    ? `${reference} has ${version.items} items: ${version.added} are new, ${version.changed} changed, ${unchanged} stayed as they were (${rows} rows read).`
    : `Nothing is new: ${reference} has these items already (${rows} rows read).`;
  const told = duplicates.told.slice(0, TOLD_MAX).map(({ place, of }) => `  ${place ?? ""}: the same as item ${of}`);
  const more = duplicates.count > told.length ? [`  and ${duplicates.count - told.length} more`] : [];
  return [
    made,
    `hash ${version.hash}`,
    ...(duplicates.count === 0
      ? []
      : [`${duplicates.count} duplicates were left out (what is asked and what is right are the same):`, ...told, ...more]),
    ...Object.entries(passedOver).map(([reason, count]) => `${count} rows were left out: ${reason}.`),
  ].join("\n");
}
