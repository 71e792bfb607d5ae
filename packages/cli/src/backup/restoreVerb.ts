import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Manifest, openBackup, restoreBackup } from "@signalbox/db/backup";
import { modelFolder } from "@signalbox/intents";
import { AppError } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { type Config, loadConfig } from "../config.ts";
import { beginRestore, unfinishedRestore } from "../supervisor/dataFolder/unfinishedRestore.ts";
import { openStack } from "../supervisor/stack.ts";
import { storeUrls } from "../supervisor/stores/stores.ts";
import { backupSize, backupSizeText } from "./backupSize.ts";
import { fileProgress } from "./fileProgress.ts";

/** Folders of the embedded stores in a data folder, by the variable that names an external one instead. */
const STORE_FOLDERS = { DATABASE_URL: "postgres", CLICKHOUSE_URL: "clickhouse" } as const;

/** What a restore has no use for. */
const WITHOUT = ["collector", "worker", "gateway", "controller", "console"] as const;

/** `signalbox restore <folder>`: into an empty data folder, or one in which a restore was interrupted, on which nothing runs. */
export const restore: Act = async ({ output, env, args: [folder = ""], flags }) => {
  const config = loadConfig(env, flags);
  const startedAt = performance.now();
  const folders = storeFolders(config);
  requireEmpty(config, folders);
  if (config.clickhouseCluster !== undefined)
    throw new AppError("invalid_input", "A backup is restored into one server, not into a cluster.", { hint: "Unset CLICKHOUSE_CLUSTER." });
  const manifest = await checked();

  await fill(config, folders, resolve(folder), manifest, output);
  const size = backupSize(manifest);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  output.result({ dataDir: config.dataDir, startedAt: manifest.startedAt, seconds, models: manifest.models.length, ...size }, () =>
    [
      `Restored ${backupSizeText(size)}, checked against the backup of ${manifest.startedAt}.`,
      `Start it: ./signalbox up --data-dir ${config.dataDir}`,
    ].join("\n"),
  );
  return EXIT.pass;

  async function checked() {
    using progress = fileProgress(output, "check");
    return openBackup(resolve(folder), progress);
  }
};

/** Half a store must not be taken for a whole one: a failure takes it away, and after a kill the folder says what it is. */
async function fill(config: Config, folders: readonly string[], backup: string, manifest: Manifest, output: CommandOutput): Promise<void> {
  const clear = (): void => {
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  };
  // Ends from the last to the first: stores stop before what a failure left of them goes.
  using ending = new DisposableStack();
  await using stack = await openStack(config, { without: WITHOUT, isBare: true, note: (line) => output.note(line) });
  // Until the folder was opened somebody else may have filled it, and what is in it was not ours.
  requireEmpty(config, folders);
  const restoring = ending.use(beginRestore(config.dataDir, backup, clear));
  clear();
  await stack.start();
  const { DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl } = storeUrls(config);
  using progress = fileProgress(output, "restore");
  await Promise.race([
    restoreBackup({ databaseUrl, clickhouseUrl, modelFolder: modelFolder(config.dataDir) }, backup, manifest, progress),
    stack.failure,
  ]);
  restoring.finish();
}

function storeFolders({ dataDir, stores }: Config): string[] {
  return Object.entries(STORE_FOLDERS).flatMap(([variable, name]) =>
    stores[variable as keyof typeof STORE_FOLDERS] === undefined ? [join(dataDir, name)] : [],
  );
}

/**
 * The data folder may hold other things, such as the Node that the launcher fetched;
 * but no store, and no journal that would be written into what is restored.
 */
function requireEmpty({ dataDir }: Config, folders: readonly string[]): void {
  const halfRestored = unfinishedRestore(dataDir) === undefined ? [] : folders;
  const found = [...folders, join(dataDir, "journal")].find((path) => !halfRestored.includes(path) && existsSync(path));
  if (found === undefined) return;
  throw new AppError("conflict", `The data folder ${dataDir} is not empty: it has ${found}.`, {
    hint: "A backup is restored into an empty one: choose it with --data-dir, or move what is there away.",
  });
}
