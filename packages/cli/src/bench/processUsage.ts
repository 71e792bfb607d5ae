import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** What a process has used so far, as a whole and by thread. */
export interface ProcessUsage {
  cpuMicroseconds: number;
  residentBytes: number;
  threads: ReadonlyMap<string, number>;
}

/** Linux counts processor time in hundredths of a second for every program, whatever its own clock does. */
const MICROSECONDS_PER_TICK = 10_000;
const PAGE_BYTES = 4_096;

/** What a process of ours has used; undefined where it has ended, and off Linux. */
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

/** Behind the program's name in brackets come the state, and utime, stime and resident pages as the 12th, 13th and 22nd field: proc_pid_stat(5). */
function readStat(path: string): Omit<ProcessUsage, "threads"> {
  const stat = readFileSync(path, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks, systemTicks, pages] = [fields[11], fields[12], fields[21]].map(Number) as [number, number, number];
  return { cpuMicroseconds: (userTicks + systemTicks) * MICROSECONDS_PER_TICK, residentBytes: pages * PAGE_BYTES };
}

/** How busy a process was between two looks, in cores. */
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

/** Milliseconds that all cores together have been busy since the machine started, whoever used them. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
