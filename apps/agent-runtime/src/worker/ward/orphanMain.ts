import { workerData } from "node:worker_threads";

/**
 * A thread of the ward's process that ends the process some seconds after its worker is gone. A suspect may block the main thread, which
 * then does not notice. `workerData` is the worker's process id; it is checked this often, in milliseconds.
 */
const LOOK_EVERY_MS = 500;

/** How long the process has to end by itself, in milliseconds. */
const AFTER_MS = 4_000;

const looking = setInterval(() => {
  if (process.ppid === workerData) return;
  clearInterval(looking);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), AFTER_MS);
}, LOOK_EVERY_MS);
