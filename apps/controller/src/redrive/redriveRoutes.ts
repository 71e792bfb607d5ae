import { createRedrive, findDeadLetter, type PrismaClient } from "@signalbox/db/prisma";
import { parseBody } from "@signalbox/listener";
import { AppError, type RedriveAnswer } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";

const Address = z.object({ id: z.uuid() });

/** The actor of HTTP requests: until there are user accounts, anybody on this machine. */
const ACTOR = "an operator";

/**
 * `POST /v1/dead-letters/{id}/redrive`: creates a redrive of one letter, once; the redrive loop carries it out within moments. `clock`
 * returns milliseconds since 1970.
 */
export function redriveRoutes(app: FastifyInstance, prisma: PrismaClient, clock: () => number): void {
  app.post("/v1/dead-letters/:id/redrive", async ({ params }): Promise<RedriveAnswer> => {
    const { id } = parseBody(Address, params);
    const look = async () => {
      const letter = await findDeadLetter(prisma, id);
      if (letter === null) throw new AppError("not_found", `There is no dead letter ${id}.`);
      return letter;
    };
    const { project, taskId, isTaken } = await look();
    if (isTaken) return { taskId, redriven: false };
    const made = createRedrive(
      prisma,
      {
        ...{ project, name: `letter ${id}`, reason: "asked for over HTTP", actor: ACTOR, selection: { kind: "letters", ids: [id] } },
        ...{ version: { kind: "any" }, payload: null, ratePerSecond: 1, tryFirst: null },
      },
      { now: new Date(clock()), confirm: () => undefined },
    );
    return made.then(
      () => ({ taskId, redriven: true }),
      async (error: unknown) => {
        // Of two simultaneous requests, the second gets the answer that it would have had a moment later.
        if (error instanceof AppError && error.code === "conflict" && (await look()).isTaken) return { taskId, redriven: false };
        throw error;
      },
    );
  });
}
