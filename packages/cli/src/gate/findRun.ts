import { existsSync } from "node:fs";
import { AppError, type OfflinePolicy } from "@signalbox/model";
import type { Config } from "../config.ts";
import { type FoundRun, readRunFile } from "./runFile.ts";

/** Where runs are looked for, and under which policy. */
export interface RunPlace {
  readonly config: Config;
  readonly project: string;
  readonly offline: OfflinePolicy;
}

/** What stands for the run of the version that serves now. */
const PRODUCTION = "production";

/** The run that is meant: a file of results. Null for `production` where there is none. Throws `invalid_input` for what is no such thing. */
export async function findRun(reference: string, { offline }: RunPlace): Promise<FoundRun | null> {
  if (existsSync(reference)) return readRunFile(reference, offline);
  if (reference === PRODUCTION) return null;
  throw new AppError("invalid_input", `There is no file ${reference}.`, { hint: "`./signalbox eval run … --results FILE` writes one." });
}
