import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The index of the start time (field 22) among the fields of `/proc/<pid>/stat` after the command's
 * name, which may itself contain spaces and brackets; the first one is the state (field 3).
 */
const START_TIME_FIELD = 22 - 4;

/** The states of a process that has ended. */
const ENDED = new Set(["Z", "X"]);

function startOnLinux(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (ENDED.has(state)) throw new Error(`process ${pid} has ended, and waits for its parent to notice`);
  const ticks = fields[START_TIME_FIELD];
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
}

function startElsewhere(pid: number): string {
  return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

/**
 * The start of a process, as a text that distinguishes it from any other with the
 * same id: ids are reused, times are not. `undefined` if there is no such process.
 */
export function processStart(pid: number): string | undefined {
  try {
    return process.platform === "linux" ? startOnLinux(pid) : startElsewhere(pid);
  } catch {
    return undefined;
  }
}
