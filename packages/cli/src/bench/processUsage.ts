import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** The resource usage of a process so far, as a whole and by thread. */
export interface ProcessUsage {
  cpuMicroseconds: number;
  residentBytes: number;
  threads: ReadonlyMap<string, number>;
}

/** Linux reports processor time to every program in hundredths of a second, whatever its own clock does. */
const MICROSECONDS_PER_TICK = 10_000;
const PAGE_BYTES = 4_096;

/** The usage of one of our processes; undefined where it has ended, and off Linux. */
export function processUsage(pid: number | undefined): ProcessUsage | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    const { cpuMicroseconds, residentBytes } = readStat(`/proc/${pid}/stat`);
    const threads = readdirSync(`/proc/${pid}/task`).map(
      (thread) => [thread, readStat(`/proc/${pid}/task/${thread}/stat`).cpuMicroseconds] as const,
    );
    return { cpuMicroseconds, residentBytes, threads: new Map(threads) };
  } catch {
    return undefined;
  }
}

interface ProcessStat {
  parent: number;
  cpuMicroseconds: number;
  /** Of children that have ended. */
  endedCpuMicroseconds: number;
  residentBytes: number;
}

/**
 * After the program's name in brackets come the state and the parent, and utime, stime,
 * cutime, cstime and resident pages as the 12th to 15th and the 22nd field: proc_pid_stat(5).
 */
function readStat(path: string): ProcessStat {
  const stat = readFileSync(path, "utf8");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [parent, user, system, endedUser, endedSystem, pages] = [1, 11, 12, 13, 14, 21].map((at) => fields[at]) as [
    ...[number, number, number, number, number, number],
  ];
  return {
    parent,
    cpuMicroseconds: (user + system) * MICROSECONDS_PER_TICK,
    endedCpuMicroseconds: (endedUser + endedSystem) * MICROSECONDS_PER_TICK,
    residentBytes: pages * PAGE_BYTES,
  };
}

/**
 * The processor time of a process and its children, running and ended, in
 * microseconds; undefined where the process itself has ended, and off Linux.
 */
export function familyCpuMicroseconds(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  const statOf = (id: string | number): ProcessStat | undefined => {
    try {
      return readStat(`/proc/${id}/stat`);
    } catch {
      return undefined;
    }
  };
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  const own = statOf(pid);
  if (own === undefined) return undefined;
  return children.reduce((sum, stat) => sum + (stat?.cpuMicroseconds ?? 0), own.cpuMicroseconds + own.endedCpuMicroseconds);
}

/** The load of a process between two looks, in cores. */
export interface CoresBusy {
  all: number;
  busiestThread: number;
}

export function coresBusy(before: ProcessUsage | undefined, after: ProcessUsage | undefined, durationMs: number): CoresBusy | null {
  if (before === undefined || after === undefined) return null;
  const threads = [...after.threads].map(([thread, used]) => used - (before.threads.get(thread) ?? 0));
  const cores = (microseconds: number): number => Number((microseconds / 1_000 / durationMs).toFixed(2));
  return { all: cores(after.cpuMicroseconds - before.cpuMicroseconds), busiestThread: cores(Math.max(0, ...threads)) };
}

/** Milliseconds for which all cores together have been busy since the machine started, for any program. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
