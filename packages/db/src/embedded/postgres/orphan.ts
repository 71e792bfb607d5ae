import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, errorCode } from "@signalbox/model";

/** The time for an orderly shutdown; after it the server is stopped at once and recovers from its log at the next start. */
const ORDERLY_MS_MAX = 3_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Linux's information about a process; undefined elsewhere, or when the process is gone. */
function readProcess(pid: number, file: "cmdline" | "stat"): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** The process id of this very cluster's server; the id alone may have been reused by another program. */
function runningServer(folder: string): number | undefined {
  const file = join(folder, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  if (process.platform !== "linux") return pid;
  return readProcess(pid, "cmdline")?.split("\0").includes(folder) ? pid : undefined;
}

/**
 * Whether the server's parent is a keeper like us. The parent of an orphan is another process: the one that adopts orphans on this machine.
 */
function hasKeeper(pid: number): boolean {
  const parent = readProcess(pid, "stat")?.split(") ")[1]?.split(" ")[1];
  return (
    parent !== undefined &&
    (readProcess(Number(parent), "cmdline")
      ?.split("\0")
      .includes(process.argv[1] ?? "") ??
      false)
  );
}

/**
 * Stops a server that outlived its keeper, so that the cluster has one server and the server one keeper.
 * No commit is lost: it is in the log. Throws when the keeper is alive: then the data folder is in use.
 */
export async function stopOrphan(folder: string): Promise<void> {
  const pid = runningServer(folder);
  if (pid === undefined) return;
  if (hasKeeper(pid))
    throw new AppError("infrastructure", `The PostgreSQL in ${folder} is in use by another process.`, {
      hint: "Stop the other Signalbox, or choose another folder with SIGNALBOX_DATA_DIR.",
    });
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + ORDERLY_MS_MAX;
  // Checked by folder, not by process id: a dead process that nobody has reaped still has its id.
  while (runningServer(folder) === pid) {
    if (Date.now() > deadline) process.kill(pid, "SIGQUIT");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
