import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The fields of `/proc/<pid>/stat` after the command's name, which may itself
 * hold spaces and brackets; the state is field 3, the start time field 22.
 */
const START_TIME_FIELD = 22 - 4;

/** The states of a process that is none any more. */
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
 * When a process started, as a text that no other process with the same number ever has: numbers are given out again, a moment is not.
 * `undefined` if there is no such process.
 */
export function processStart(pid: number): string | undefined {
  try {
    return process.platform === "linux" ? startOnLinux(pid) : startElsewhere(pid);
  } catch {
    return undefined;
  }
}
