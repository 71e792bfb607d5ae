import { readdir } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { DATASET_FILE_KINDS, type DatasetFileItems, type FileChoice, readDatasetFile, readTauBench, tauBenchItems } from "@signalbox/evals";
import { AppError, type DatasetChange } from "@signalbox/model";
import { openFileFolder } from "../import/fileFolder.ts";
import { diskFile, unreadable } from "./diskFile.ts";

/** The source of a dataset. Once everything is read, `passedOver` has the number of rows that were left out, by reason. */
export interface Source {
  count: number;
  batches(): AsyncIterable<readonly DatasetChange[]> | Iterable<readonly DatasetChange[]>;
  passedOver(): Record<string, number>;
}

/** The names in a folder; undefined for a path that is a file. */
async function namesIn(path: string): Promise<string[] | undefined> {
  return readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause);
  });
}

/** The default name of a dataset made from a path. */
export function datasetNameOf(path: string): string {
  return basename(resolve(path)).replace(/\.[a-z]+$/i, "");
}

/**
 * Opens a file of items; a τ-bench folder; or any other folder, of which all files of items
 * are read, by name: the items of `dev.csv` get the split `dev`. Throws `invalid_input`.
 */
export async function openSource(path: string, choice: FileChoice): Promise<Source> {
  const names = await namesIn(path);
  if (names === undefined) return filesSource([{ path, name: basename(path) }], choice);
  if (names.includes("tasks.json") && names.includes("tools.json")) {
    const { count, batches } = tauBenchItems(await readTauBench(await openFileFolder(path)));
    return { count, batches: () => batches, passedOver: () => ({}) };
  }
  const files = names.filter((name) => DATASET_FILE_KINDS.includes(extname(name).slice(1).toLowerCase())).toSorted();
  if (files.length === 0)
    throw new AppError("invalid_input", `${path} has no file of items.`, { hint: `Files end in ${DATASET_FILE_KINDS.join(", ")}.` });
  return filesSource(
    files.map((name) => ({ path: join(path, name), name, split: name.slice(0, -extname(name).length) })),
    choice,
  );
}

/** Every file is opened before the first is read, so that an invalid one shows at once. */
async function filesSource(files: readonly { path: string; name: string; split?: string }[], choice: FileChoice): Promise<Source> {
  const opened: DatasetFileItems[] = [];
  for (const { path, name, split } of files)
    opened.push(await readDatasetFile(await diskFile(path, name), { ...(split === undefined ? {} : { split }), ...choice }));
  return {
    count: opened.reduce((sum, { count }) => sum + count, 0),
    async *batches() {
      for (const { batches } of opened) yield* batches;
    },
    passedOver() {
      const all = new Map<string, number>();
      for (const [reason, rows] of opened.flatMap(({ passedOver }) => [...passedOver])) all.set(reason, (all.get(reason) ?? 0) + rows);
      return Object.fromEntries(all);
    },
  };
}
