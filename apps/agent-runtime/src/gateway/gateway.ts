import { countTasks, findTask, type PrismaClient } from "@signalbox/db/prisma";
import { type Listener, type ListenerOptions, openListener, parseBody } from "@signalbox/listener";
import { AppError, TaskRequest } from "@signalbox/model";
import { Counter, Registry } from "prom-client";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { admit } from "./admission.ts";

/** The largest request body, in bytes: a recorded conversation with its system prompt fits many times. */
const BODY_MAX_BYTES = 8 * 1024 * 1024;

/** What a gateway needs. `originPorts` are the ports whose pages may call it. */
export type GatewayParts = Pick<ListenerOptions, "log" | "port" | "address" | "isPortShared" | "drainMs"> & {
  prisma: PrismaClient;
  queue: TaskQueue;
  clock: Clock;
  originPorts: readonly number[];
};

/** Opens the agent gateway: `POST /v1/tasks` admits, `GET /v1/tasks/{id}` answers where a task is. */
export async function openGateway({ prisma, queue, clock, log, originPorts, ...listening }: GatewayParts): Promise<Listener> {
  const metrics = new Registry();
  const admissions = new Counter({
    name: "signalbox_gateway_admissions_total",
    help: "Task requests by outcome.",
    labelNames: ["outcome"],
    registers: [metrics],
  });

  return openListener({
    ...listening,
    originPorts,
    bodyMaxBytes: BODY_MAX_BYTES,
    log,
    metrics,
    isReady: async () => {
      await countTasks(prisma);
      return true;
    },
    routes: (app) => {
      app.post("/v1/tasks", async ({ body }, reply) => {
        const { kind, task } = await admit(prisma, clock, parseBody(TaskRequest, body));
        admissions.inc({ outcome: kind });
        if (kind === "conflict")
          throw new AppError("conflict", `Task ${task.id} is there already, with another request.`, { hint: "Send a new id, or none." });
        // The task is admitted whether or not the queue hears of it now: the sweeper queues what is left behind.
        if (kind === "admitted")
          await queue
            .enqueue([task.id])
            .catch((error: unknown) => log.warn({ err: error, taskId: task.id }, "queued later by the sweeper"));
        return reply.status(kind === "admitted" ? 201 : 200).send(task);
      });

      app.get("/v1/tasks/:id", async ({ params }) => {
        const { id } = parseBody(z.object({ id: z.uuid() }), params);
        const task = await findTask(prisma, id);
        if (task === null) throw new AppError("not_found", `There is no task ${id}.`);
        return task;
      });
    },
  });
}
