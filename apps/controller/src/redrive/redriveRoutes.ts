import { createRedrive, findDeadLetter, type PrismaClient } from "@signalbox/db/prisma";
import { parseBody } from "@signalbox/listener";
import { AppError, type RedriveAnswer } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";

const Address = z.object({ id: z.uuid() });

/** Who asks over HTTP: until there are people, anybody on this machine. */
const ACTOR = "an operator";

/** `POST /v1/dead-letters/{id}/redrive`: makes a redrive of one letter, once; the redrive loop does it within moments. `clock` answers milliseconds since 1970. */
export function redriveRoutes(app: FastifyInstance, prisma: PrismaClient, clock: () => number): void {
  app.post("/v1/dead-letters/:id/redrive", async ({ params }): Promise<RedriveAnswer> => {
    const { id } = parseBody(Address, params);
    const letter = await findDeadLetter(prisma, id);
    if (letter === null) throw new AppError("not_found", `There is no dead letter ${id}.`);
    const { project, taskId } = letter;
    if (letter.isTaken) return { taskId, redriven: false };
    await createRedrive(
      prisma,
      {
        ...{ project, name: `letter ${id}`, reason: "asked for over HTTP", actor: ACTOR, selection: { kind: "letters", ids: [id] } },
        ...{ version: { kind: "any" }, payload: null, ratePerSecond: 1, tryFirst: null },
      },
      { now: new Date(clock()), confirm: () => undefined },
    );
    return { taskId, redriven: true };
  });
}
