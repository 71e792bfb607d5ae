import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process that listens on a port. */
export interface PortHolder {
  pid: number;
  command: string;
}

/** The state of a listening socket in `/proc/net/tcp`. */
const LISTENING = "0A";

/** The inodes of the sockets that listen on a port, from one of the kernel's tables. */
function listeningSockets(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return readFileSync(table, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
}

function holdsOneOf(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false; // It ended meanwhile, or it is another user's.
  }
}

/** The process that listens on a port, as far as this user may know: `undefined` off Linux, and for processes of other users. */
export function portHolder(port: number): PortHolder | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningSockets(table, port)));
    if (sockets.size === 0) return undefined;
    const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && holdsOneOf(entry, sockets));
    return pid === undefined ? undefined : { pid: Number(pid), command: readFileSync(`/proc/${pid}/comm`, "utf8").trim() };
  } catch {
    return undefined;
  }
}
