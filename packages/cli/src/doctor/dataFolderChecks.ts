import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { requireWritable } from "@signalbox/db/embedded";
import { AppError, bytesText } from "@signalbox/model";
import { FREE_BYTES_MIN, freeBytes } from "../supervisor/dataFolder/dataFolder.ts";
import { requireRestored } from "../supervisor/dataFolder/unfinishedRestore.ts";
import type { Check, Finding } from "./check.ts";

/** With less free space a day's telemetry may not fit. */
const FREE_BYTES_COMFORTABLE = 2 * 1024 ** 3;

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}

function judgeUsable(dataDir: string): Finding {
  const folder = nearestFolder(dataDir);
  try {
    requireWritable(folder);
    requireRestored(dataDir);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { status: "fail", found: error.message, advice: error.hint ?? "" };
  }
  return { status: "pass", found: folder === dataDir ? dataDir : `${dataDir} (made at the first start)` };
}

/** Whether a folder is private to its owner, by its mode and owner: it holds conversations, and the passwords of the embedded stores. */
export function judgePermissions(dataDir: string, mode: number, ownerUid: number, ownUid: number): Finding {
  const found = `mode ${(mode & 0o777).toString(8).padStart(3, "0")}`;
  if (ownUid !== -1 && ownerUid !== ownUid) {
    return { status: "fail", found: `${found}, owned by user ${ownerUid}`, advice: "Run Signalbox as the user who owns the data folder." };
  }
  if ((mode & OTHERS) !== 0) return { status: "warn", found: `${found}: others may read it`, advice: `chmod 700 ${dataDir}` };
  return { status: "pass", found };
}

function permissions(dataDir: string): Finding {
  if (!existsSync(dataDir)) return { status: "pass", found: "made at the first start, for its owner alone" };
  const { mode, uid } = statSync(dataDir);
  return judgePermissions(dataDir, mode, uid, userInfo().uid);
}

/** Whether there are enough free bytes. */
export function judgeFreeSpace(free: number): Finding {
  const found = `${bytesText(free)} free`;
  if (free < FREE_BYTES_MIN) return { status: "fail", found, advice: `Free some space: a start needs ${bytesText(FREE_BYTES_MIN)}.` };
  if (free < FREE_BYTES_COMFORTABLE) return { status: "warn", found, advice: "Free some space, or choose a larger disk with --data-dir." };
  return { status: "pass", found };
}

/** Checks of the data folder: writable, complete, private, and large enough. */
export const dataFolderChecks: readonly Check[] = [
  { name: "data folder", run: ({ dataDir }) => judgeUsable(dataDir) },
  { name: "permissions", run: ({ dataDir }) => permissions(dataDir) },
  { name: "disk space", run: ({ dataDir }) => judgeFreeSpace(freeBytes(nearestFolder(dataDir))) },
];
