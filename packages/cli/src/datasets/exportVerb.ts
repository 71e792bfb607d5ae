import { streamDatasetItems } from "@signalbox/db/prisma";
import { writeDatasetFile } from "@signalbox/evals";
import { DatasetSplit, formatDatasetReference } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { writeWholeFile } from "../commandLine/wholeFile.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { type ProjectFlag, projectOf, resolve } from "./datasetVerbs.ts";

interface ExportFlags extends ProjectFlag {
  split?: string;
}

/** `signalbox dataset export <dataset> <file>`: the file is written completely, or keeps its old content. */
export const datasetExport: Act<ExportFlags> = async ({ output, env, args: [reference = "", path = ""], flags }) => {
  const project = projectOf(flags);
  const { split } = parseArguments(z.object({ split: DatasetSplit.optional() }), { split: flags.split });
  await using store = openStateStore(loadConfig(env, flags));
  const { dataset, version } = await resolve(store, project, reference);
  const progress = startProgress(output, "Items", version.items);
  let items = 0;
  async function* counted() {
    for await (const item of streamDatasetItems(store, dataset.id, version.number, split === undefined ? {} : { split })) {
      items += 1;
      progress.update(items);
      yield item;
    }
  }
  try {
    await writeWholeFile(path, writeDatasetFile(path, counted()));
  } finally {
    progress.stop();
  }
  const name = formatDatasetReference(dataset.name, version);
  output.result({ project, dataset: dataset.name, version, file: path, items }, () => `${items} items of ${name} are in ${path}.`);
  return EXIT.pass;
};
