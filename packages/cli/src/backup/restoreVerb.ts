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

/** The folders of the embedded stores in a data folder, by the variable that names an external one instead. */
const STORE_FOLDERS = { DATABASE_URL: "postgres", CLICKHOUSE_URL: "clickhouse" } as const;

/** Parts that a restore does not need. */
const WITHOUT = ["collector", "worker", "gateway", "controller", "console"] as const;

/** `signalbox restore <folder>`: into an empty data folder, or one with an interrupted restore, that no Signalbox runs on. */
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

/**
 * Fills the stores. Half a store must not be mistaken for a whole one: a
 * failure removes it, and after a kill the folder is marked as incomplete.
 */
async function fill(config: Config, folders: readonly string[], backup: string, manifest: Manifest, output: CommandOutput): Promise<void> {
  const clear = (): void => {
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  };
  // Disposed in reverse order: the stores stop before a failure removes what is left of them.
  using ending = new DisposableStack();
  await using stack = await openStack(config, { without: WITHOUT, isBare: true, note: (line) => output.note(line) });
  // Before the folder was locked, somebody else may have filled it, and its content was not ours.
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
 * but no store, and no journal, which would be written into the restored store.
 */
function requireEmpty({ dataDir }: Config, folders: readonly string[]): void {
  const halfRestored = unfinishedRestore(dataDir) === undefined ? [] : folders;
  const found = [...folders, join(dataDir, "journal")].find((path) => !halfRestored.includes(path) && existsSync(path));
  if (found === undefined) return;
  throw new AppError("conflict", `The data folder ${dataDir} is not empty: it has ${found}.`, {
    hint: "A backup is restored into an empty one: choose it with --data-dir, or move what is there away.",
  });
}
