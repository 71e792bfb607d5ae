import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { openBackup, restoreBackup } from "@signalbox/db/backup";
import { AppError } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { type Config, loadConfig } from "../config.ts";
import { openStack } from "../supervisor/stack.ts";
import { storeUrls } from "../supervisor/stores.ts";
import { backupSize, backupSizeText } from "./backupSize.ts";
import { fileProgress } from "./fileProgress.ts";

/** Folders of the embedded stores in a data folder, by the variable that names an external one instead. */
const STORE_FOLDERS = { DATABASE_URL: "postgres", CLICKHOUSE_URL: "clickhouse" } as const;

/** What a restore has no use for. */
const WITHOUT = ["collector", "worker", "gateway", "controller", "console"] as const;

/** `signalbox restore <folder>`: into an empty data folder, on which nothing runs. */
export const restore: Act = async ({ output, env, args: [folder = ""], flags }) => {
  const config = loadConfig(env, flags);
  const startedAt = performance.now();
  const folders = storeFolders(config);
  requireEmpty(config, folders);
  if (config.clickhouseCluster !== undefined)
    throw new AppError("invalid_input", "A backup is restored into one server, not into a cluster.", { hint: "Unset CLICKHOUSE_CLUSTER." });
  const manifest = await checked();

  // Half a store must not be taken for a whole one. Whoever else uses the folder is known when it is opened: until then nothing in it is ours.
  using leftovers = new DisposableStack();
  await using stack = await openStack(config, { without: WITHOUT, isBare: true, note: (line) => output.note(line) });
  for (const path of folders) leftovers.defer(() => rmSync(path, { recursive: true, force: true }));
  await stack.start();
  const { DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl } = storeUrls(config);
  using progress = fileProgress(output, "restore");
  await Promise.race([restoreBackup({ databaseUrl, clickhouseUrl }, resolve(folder), manifest, progress), stack.failure]);
  leftovers.move();

  const size = backupSize(manifest);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  output.result({ dataDir: config.dataDir, startedAt: manifest.startedAt, seconds, ...size }, () =>
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

function storeFolders({ dataDir, stores }: Config): string[] {
  return Object.entries(STORE_FOLDERS).flatMap(([variable, name]) =>
    stores[variable as keyof typeof STORE_FOLDERS] === undefined ? [join(dataDir, name)] : [],
  );
}

/** The data folder may hold other things, such as the Node that the launcher fetched; but no store, and no journal that would be written into what is restored. */
function requireEmpty({ dataDir }: Config, folders: readonly string[]): void {
  const found = [...folders, join(dataDir, "journal")].find((path) => existsSync(path));
  if (found === undefined) return;
  throw new AppError("conflict", `The data folder ${dataDir} is not empty: it has ${found}.`, {
    hint: "A backup is restored into an empty one: choose it with --data-dir, or move what is there away.",
  });
}
