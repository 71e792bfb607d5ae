import { workerData } from "node:worker_threads";

/**
 * A thread of the ward's process that ends the process some seconds after its worker is gone: what runs there may block the main
 * thread, which then does not hear of it. It is given the worker's process id.
 */
const LOOK_EVERY_MS = 500;

/** Until then the process ends by itself, if it can. In milliseconds. */
const AFTER_MS = 4_000;

const looking = setInterval(() => {
  if (process.ppid === workerData) return;
  clearInterval(looking);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), AFTER_MS);
}, LOOK_EVERY_MS);
