import { z } from "zod";

/** A ward's process that does as the task's name says: `die`, `fail`, be `unable`, or tell its own number as the project of a task that is done. */
const Asked = z.object({ kind: z.string(), taskId: z.string().optional() });

process.on("message", (given) => {
  const { kind, taskId } = Asked.parse(given);
  if (kind !== "run") return;
  if (taskId === "die") process.kill(process.pid, "SIGKILL");
  else if (taskId === "fail") process.send?.({ kind: "failed", message: "the journal is away" });
  else if (taskId === "unable") process.send?.({ kind: "unable", message: "there is no store" });
  else process.send?.({ kind: "ran", run: { handled: { kind: "finished" }, outcome: "done", project: String(process.pid) } });
});
process.once("disconnect", () => process.exit(0));
process.send?.({ kind: "ready" });
