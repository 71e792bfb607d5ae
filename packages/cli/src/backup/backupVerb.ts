import { resolve } from "node:path";
import { backUp } from "@signalbox/db/backup";
import { modelFolder } from "@signalbox/intents";
import manifest from "../../package.json" with { type: "json" };
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { backupSize, backupSizeText } from "./backupSize.ts";
import { fileProgress } from "./fileProgress.ts";
import { journalWritten } from "./journalWritten.ts";

/** `signalbox backup <folder>`: while Signalbox runs. */
export const backup: Act = async ({ output, env, args: [folder = ""], flags }) => {
  const config = loadConfig(env, flags);
  const { DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl } = runningStores(config, "DATABASE_URL");
  using progress = fileProgress(output, "backup");
  const made = await backUp({ databaseUrl, clickhouseUrl, modelFolder: modelFolder(config.dataDir) }, resolve(folder), {
    signalbox: manifest.version,
    now: Date.now,
    journalWritten: () => journalWritten(config, Date.now()),
    progress,
  });
  const size = backupSize(made);
  output.result({ folder: resolve(folder), startedAt: made.startedAt, journal: made.journal, models: made.models.length, ...size }, () =>
    [
      `Backed up ${backupSizeText(size)} to ${resolve(folder)}.`,
      made.journal === "written"
        ? `Everything acknowledged before ${made.startedAt} is in it.`
        : "No collector runs on this data folder: what journals elsewhere hold that is not written yet is not in it.",
    ].join("\n"),
  );
  return EXIT.pass;
};
