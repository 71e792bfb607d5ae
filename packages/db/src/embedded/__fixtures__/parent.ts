import { fork } from "node:child_process";

/** A parent that a test can kill: forks the module it is told, says its process id, and lives on. */
const entry = process.argv[2] ?? "";
process.send?.(fork(entry, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] }).pid);
setInterval(() => undefined, 1_000);
