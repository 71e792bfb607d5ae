import { userInfo } from "node:os";
import { listQueuePauses, pauseQueue, resumeQueue } from "@signalbox/db/prisma";
import { ActReason, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** An act on a queue: a project's, or (null) everybody's. */
const QueueOrder = z.strictObject({ project: ProjectName.nullable(), reason: ActReason });

export const queueRouter = router({
  /** The pauses that hold a project's tasks: those of its own queue and of everybody's. */
  pauses: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listQueuePauses(ctx.state, { project })),

  /** Pauses a queue: admitted tasks wait, running ones go on. The recorded actor is the user of this process. */
  pause: procedure
    .input(QueueOrder)
    .mutation(({ ctx, input }) => pauseQueue(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) })),

  /** Resumes a paused queue. */
  resume: procedure.input(QueueOrder).mutation(async ({ ctx, input }) => {
    await resumeQueue(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) });
    return { project: input.project };
  }),
});
