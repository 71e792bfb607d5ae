import { userInfo } from "node:os";
import { listQueuePauses, pauseQueue, resumeQueue } from "@signalbox/db/prisma";
import { ActReason, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** A queue that is meant: a project's, or (null) everybody's. */
const QueueOrder = z.strictObject({ project: ProjectName.nullable(), reason: ActReason });

export const queueRouter = router({
  /** What holds a project's tasks: pauses of its own queue and of everybody's. */
  pauses: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listQueuePauses(ctx.state, { project })),

  /** Holds what is admitted and not at work. It is an act of whom this process runs as. */
  pause: procedure
    .input(QueueOrder)
    .mutation(({ ctx, input }) => pauseQueue(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) })),

  /** Lets a paused queue go on. */
  resume: procedure.input(QueueOrder).mutation(async ({ ctx, input }) => {
    await resumeQueue(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) });
    return { project: input.project };
  }),
});
