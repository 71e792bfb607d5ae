import { deleteDataset, requireDataset } from "@signalbox/db/prisma";
import { AppError, DEFAULT_PROJECT } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { type ProjectFlag, projectOf } from "./datasetVerbs.ts";

interface DeleteFlags extends ProjectFlag {
  yes?: string;
}

/** `signalbox dataset delete <dataset>`: refused while eval runs refer to it. */
export const datasetDelete: Act<DeleteFlags> = async ({ output, env, args: [name = ""], flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const { latest } = await requireDataset(store, project, name);
  const versions = latest?.number ?? 0;
  if (flags.yes !== name) {
    const where = project === DEFAULT_PROJECT ? "" : ` --project ${project}`;
    throw new AppError("invalid_input", `This deletes the dataset ${name} with its ${versions} versions, for good.`, {
      hint: `Say that you mean it: ./signalbox dataset delete "${name}"${where} --yes "${name}"`,
    });
  }
  await deleteDataset(store, project, name);
  output.result({ project, dataset: name, versions }, () => `The dataset ${name} is deleted with its ${versions} versions.`);
  return EXIT.pass;
};
