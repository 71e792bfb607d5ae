import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyMigratedStores } from "./migratedStores.ts";
import { type RunningStores, type StoreName, startStores } from "./startStores.ts";

/** Real stores for one test file, migrated and empty; disposing ends them and removes their folder. */
export interface TestStores extends RunningStores {
  dataDir: string;
}

/**
 * Starts the embedded stores in a temporary data folder on free ports: both, or `only` one;
 * without tables where `isMigrated` is false. Takes a second or two; share it within a test file.
 */
export async function startTestStores({ isMigrated = true, only }: { isMigrated?: boolean; only?: StoreName } = {}): Promise<TestStores> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-stores-"));
  if (isMigrated) await copyMigratedStores(dataDir, only);
  const stores = await startStores(dataDir, only);
  return {
    ...stores,
    dataDir,
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
