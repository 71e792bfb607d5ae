import { fork } from "node:child_process";

/** A parent that a test can kill: forks the given module, prints the child's process id, and lives on. */
const entry = process.argv[2] ?? "";
process.send?.(fork(entry, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] }).pid);
setInterval(() => undefined, 1_000);
