import { pino } from "pino";
import { openTaskQueue, type QueueStore } from "../bullTaskQueue.ts";

/**
 * A worker process that takes tasks and never finishes them; tests kill it. Its argument is the store as JSON; it tells its parent of each
 * delivery.
 */
const store: QueueStore = JSON.parse(process.argv[2] ?? "");
const queue = await openTaskQueue(store, pino({ level: "silent" }));
queue.work(async ({ taskId }) => {
  process.send?.(taskId);
  return new Promise(() => undefined);
}, 1);
process.once("disconnect", () => process.exit(0));
