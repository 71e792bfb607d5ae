import { killGroup } from "./killGroup.ts";
import { processStart } from "./processIdentity.ts";

/**
 * The process beside a supervisor: it receives the id of each part, and when the supervisor is gone it ends the parts that have not ended
 * by themselves: one whose modules take time to load, or whose thread is blocked and notices nothing. The kernel closes the channel when
 * the supervisor is gone and at no other time, so that one that is suspended, debugged or busy is not mistaken for a dead one.
 */
const AFTER_MS = 4_100;

const parts = new Map<number, string>();

function watch(pid: number): void {
  for (const [other, start] of parts) if (processStart(other) !== start) parts.delete(other);
  const start = processStart(pid);
  if (start !== undefined) parts.set(pid, start);
}

/** A part that has ended meanwhile may have left others in its group; a process with another start time merely has its id. */
function endAll(left: readonly (readonly [pid: number, start: string])[]): void {
  for (const [pid, start] of left) if ([start, undefined].includes(processStart(pid))) killGroup(pid);
}

function supervisorIsGone(): void {
  const left = [...parts].filter(([pid, start]) => processStart(pid) === start);
  if (left.length > 0) setTimeout(endAll, AFTER_MS, left);
}

// A service manager asks every process to end, and the supervisor then still stops its parts.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.on("message", watch);
process.once("disconnect", supervisorIsGone);
if (!process.connected) supervisorIsGone();
