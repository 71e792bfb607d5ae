import { listCheckpointsAfter } from "@signalbox/db/prisma";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";

/** The flags of `signalbox decisions export`. */
interface ExportFlags {
  after: number;
}

/** The number of checkpoints read at a time. */
const PAGE = 1_000;

/** `signalbox decisions export`: a line of JSON for each checkpoint, on stdout; with `--json` one document. */
export const decisionsExport: Act<ExportFlags> = async ({ output, env, flags: { after, ...flags } }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const checkpoints = await listCheckpointsAfter(store, after, PAGE);
  for (let page = checkpoints; page.length === PAGE; checkpoints.push(...page))
    page = await listCheckpointsAfter(store, checkpoints.at(-1)?.number ?? after, PAGE);
  if (checkpoints.length === 0 && !output.choice.json) output.note(`There is no checkpoint after ${after}.`);
  else output.result({ checkpoints }, () => checkpoints.map((checkpoint) => JSON.stringify(checkpoint)).join("\n"));
  return EXIT.pass;
};
