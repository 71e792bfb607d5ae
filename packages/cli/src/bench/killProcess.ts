import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 10;

/**
 * Kills a process with SIGKILL, as soon as there is one: a supervisor delays the restart of a
 * part that dies often, and one killed at each start would never recover. Returns its process id.
 */
export async function killProcess(pidOf: () => number | undefined, signal: AbortSignal): Promise<number> {
  for (;;) {
    const pid = pidOf();
    if (pid !== undefined && kill(pid)) return pid;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Kills a process; false when it is gone already. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
