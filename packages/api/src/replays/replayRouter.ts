import { userInfo } from "node:os";
import { cancelReplays, listAgentVersions, listReplays, readReplay, startReplay } from "@signalbox/db/prisma";
import { ActReason, ReplayPlan, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { keepAsItem } from "./keepAsItem.ts";
import { replayBatches } from "./replayBatches.ts";

/** The most replays of a task in an answer. */
const REPLAYS_MAX = 200;

/** The most versions that are offered to replay against. */
const VERSIONS_MAX = 200;

export const replayRouter = router({
  /**
   * Requests a replay of a finished task, which a worker takes. The recorded actor is the user of this process; a replay with
   * external effects needs a reason. Throws `not_found` and `conflict` for a task, or a version, that cannot be replayed.
   */
  start: procedure
    .input(z.strictObject({ project: Project, taskId: z.uuid(), plan: ReplayPlan, reason: ActReason.optional() }))
    .mutation(({ ctx, input: { project, taskId, plan, reason = null } }) =>
      startReplay(ctx.state, project, taskId, { plan, reason, actor: userInfo().username, now: new Date(ctx.now()) }),
    ),

  /** Cancels a replay, or the rest of a batch, and records that. */
  cancel: procedure
    .input(z.strictObject({ project: Project, id: z.uuid(), reason: ActReason }))
    .mutation(({ ctx, input }) => cancelReplays(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) })),

  /** A replay, with both sides of its result once it is done. */
  get: procedure
    .input(z.strictObject({ project: Project, id: z.uuid() }))
    .query(({ ctx, input: { project, id } }) => readReplay(ctx.state, project, id)),

  /** The last replays of a task, without their sides. */
  list: procedure
    .input(z.strictObject({ project: Project, taskId: z.uuid(), limit: z.number().int().min(1).max(REPLAYS_MAX).default(50) }))
    .query(({ ctx, input: { project, taskId, limit } }) => listReplays(ctx.state, { project, taskId }, limit)),

  keepAsItem,

  batches: replayBatches,

  /**
   * The agent versions that a task may be replayed against, each with whether a worker of its build is present: a live replay needs one.
   */
  versions: procedure.query(async ({ ctx }) => {
    const versions = await listAgentVersions(ctx.state, VERSIONS_MAX);
    const goneBefore = ctx.now() - WORKER_GONE_AFTER_MS;
    const here = new Set(versions.flatMap(({ build, seenAt }) => (seenAt !== null && Date.parse(seenAt) > goneBefore ? [build] : [])));
    return versions.map(({ name, build }) => ({ name, isHere: here.has(build) }));
  }),
});
