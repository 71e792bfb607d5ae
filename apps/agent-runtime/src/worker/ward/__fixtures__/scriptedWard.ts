import { once } from "node:events";
import { z } from "zod";

/**
 * A ward's process that acts on the task's name: `die`, `die opening`, `block`, `fail`, be `unable`, end when told to `leave`, or otherwise
 * report its process id as the project of a finished task.
 */
const Asked = z.object({ kind: z.string(), taskId: z.string().optional() });

const send = (message: object): void => void process.send?.(message);
const done = { handled: { kind: "finished" }, outcome: "done", project: String(process.pid) };

process.on("message", async (given) => {
  const { kind, taskId } = Asked.parse(given);
  if (kind !== "run") return;
  if (taskId === "die opening") process.kill(process.pid, "SIGKILL");
  if (taskId === "unable") return send({ kind: "unable", message: "there is no store" });
  send({ kind: "opened" });
  if (taskId === "die") process.kill(process.pid, "SIGKILL");
  if (taskId === "block") for (;;);
  if (taskId === "fail") return send({ kind: "failed", message: "the journal is away" });
  if (taskId === "leave") await once(process, "message");
  send({ kind: "ran", run: done });
});
process.once("disconnect", () => process.exit(0));
send({ kind: "ready" });
setInterval(send, 100, { kind: "alive" });
