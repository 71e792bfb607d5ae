import { type DeadTask, type PrismaClient, redriveDeadLetter } from "@signalbox/db/prisma";
import { parseBody } from "@signalbox/listener";
import { AppError, type Decision, sealDecision } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };

const Address = z.object({ id: z.uuid() });

/** The decision to run a dead task again, as its log records it. */
function replayDecision({ id, project, traceId, attempts, head }: DeadTask, deadLetterId: string, now: Date): Decision {
  return sealDecision(head, {
    project,
    taskId: id,
    kind: "replayed",
    time: now.toISOString(),
    actor: { service: "signalbox-controller", version: packageJson.version },
    attempt: Math.max(attempts, 1),
    traceId,
    spanId: null,
    chosen: "run again from the last finished step",
    confidence: null,
    reason: "asked for by an operator",
    detail: { deadLetterId },
  });
}

/**
 * `POST /v1/dead-letters/{id}/redrive`: puts a dead task back in line, once; the runtime's sweeper queues it. `clock` answers
 * milliseconds since 1970.
 */
export function redriveRoutes(app: FastifyInstance, prisma: PrismaClient, clock: () => number): void {
  app.post("/v1/dead-letters/:id/redrive", async ({ params }) => {
    const { id } = parseBody(Address, params);
    const now = new Date(clock());
    const outcome = await redriveDeadLetter(prisma, id, now, (task) => replayDecision(task, id, now));
    if (outcome.kind === "missing") throw new AppError("not_found", `There is no dead letter ${id}.`);
    return { taskId: outcome.taskId, redriven: outcome.kind === "redriven" };
  });
}
