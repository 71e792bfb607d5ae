import { statSync } from "node:fs";
import { AppError, type OfflinePolicy } from "@signalbox/model";
import type { Config } from "../../config.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { runningStack } from "../../supervisor/stack.ts";
import type { FoundRun } from "./foundRun.ts";
import { replayedRun, replayReference } from "./replayedRun.ts";
import { readRunFile } from "./runFile.ts";
import { namedRun, productionRun } from "./storedRun.ts";

/** Where runs are looked for, and under which policy. */
export interface RunPlace {
  readonly config: Config;
  readonly project: string;
  readonly offline: OfflinePolicy;
}

/** The name for the run of the version that serves now. */
const PRODUCTION = "production";

/** Whether there is a store to search: in CI a gate may work on files alone. */
export function hasStore({ dataDir, stores }: Config): boolean {
  return stores.DATABASE_URL !== undefined || runningStack(dataDir) !== undefined;
}

/** Whether a path is an existing file. Folders do not count: `production` may well be one. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

/**
 * The named run: a file of results, a run in the store by id or name, a batch of replays (`replay:BATCH`) or the record of their
 * tasks (`record:BATCH`), or `production`, which is never the candidate's own; null for that where there is none. Throws where a
 * run does not exist.
 */
export async function findRun(
  reference: string,
  { config, project, offline }: RunPlace,
  candidate: FoundRun | null = null,
): Promise<FoundRun | null> {
  if (isFile(reference)) return readRunFile(reference, offline);
  if (!hasStore(config)) {
    if (reference === PRODUCTION) return null;
    throw new AppError("invalid_input", `There is no file ${reference}, and no Signalbox runs here to look for a run of that name.`, {
      hint: "`./signalbox eval run … --results FILE` writes a file; ./signalbox up starts a Signalbox.",
    });
  }
  await using store = openStateStore(config);
  const replayed = replayReference(reference);
  if (replayed !== null) return await replayedRun(store, project, replayed, offline);
  if (reference === PRODUCTION) return await productionRun(store, project, offline, candidate);
  return await namedRun(store, project, reference, offline);
}
