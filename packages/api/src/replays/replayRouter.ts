import { userInfo } from "node:os";
import { listReplays, readReplay, startReplay } from "@signalbox/db/prisma";
import { ReplayPlan } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** How many replays of a task are shown at once. */
const REPLAYS_MAX = 200;

export const replayRouter = router({
  /**
   * Asks for a replay of a task that has ended; a worker takes it up. It is an act of whom this process runs as. `not_found` and `conflict` for a task, or a version, of which there
   * can be none.
   */
  start: procedure
    .input(z.strictObject({ project: Project, taskId: z.uuid(), plan: ReplayPlan }))
    .mutation(({ ctx, input: { project, taskId, plan } }) =>
      startReplay(ctx.state, taskId, { project, plan, actor: userInfo().username, now: new Date(ctx.now()) }),
    ),

  /** A replay, with both sides of what it came to once it is done. */
  get: procedure
    .input(z.strictObject({ project: Project, id: z.uuid() }))
    .query(({ ctx, input: { project, id } }) => readReplay(ctx.state, project, id)),

  /** The last replays of a task, without their sides. */
  list: procedure
    .input(z.strictObject({ project: Project, taskId: z.uuid(), limit: z.number().int().min(1).max(REPLAYS_MAX).default(50) }))
    .query(({ ctx, input: { project, taskId, limit } }) => listReplays(ctx.state, { project, of: { taskId }, rowsMax: limit })),
});
