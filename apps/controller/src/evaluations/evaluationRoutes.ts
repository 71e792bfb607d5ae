import { listEvaluations, type PrismaClient } from "@signalbox/db/prisma";
import { parseBody } from "@signalbox/listener";
import { type EvaluationAnswer, EvaluationQuery } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import type { z } from "zod";

/** `POST /v1/evaluations/query`: those evaluations of the given tasks that exist by now. */
export function evaluationRoutes(app: FastifyInstance, prisma: PrismaClient): void {
  app.post("/v1/evaluations/query", async ({ body }): Promise<z.infer<typeof EvaluationAnswer>> => {
    const { taskIds } = parseBody(EvaluationQuery, body);
    return { evaluations: await listEvaluations(prisma, taskIds) };
  });
}
