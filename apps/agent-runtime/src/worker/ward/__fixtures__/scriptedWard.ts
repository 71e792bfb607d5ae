import { once } from "node:events";
import { z } from "zod";

/**
 * A ward's process that does as the task's name says: `die`, `block`, `fail`, end when it is
 * to `leave`, or report its own number as the project of a task that is done.
 */
const Asked = z.object({ kind: z.string(), taskId: z.string().optional() });

const send = (message: object): void => void process.send?.(message, undefined, undefined, () => undefined);
const done = { handled: { kind: "finished" }, outcome: "done", project: String(process.pid) };

process.on("message", async (given) => {
  const { kind, taskId } = Asked.parse(given);
  if (kind !== "run") return;
  if (taskId === "die") process.kill(process.pid, "SIGKILL");
  if (taskId === "block") for (;;);
  if (taskId === "fail") return send({ kind: "failed", message: "the journal is away" });
  if (taskId === "leave") await once(process, "message");
  send({ kind: "ran", run: done });
});
process.once("disconnect", () => process.exit(0));
send({ kind: "ready" });
setInterval(send, 100, { kind: "alive" });
