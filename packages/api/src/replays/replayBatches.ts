import { userInfo } from "node:os";
import {
  forecastReplays,
  listBatchReplays,
  listGroupBatches,
  listReplayable,
  readReplayBatch,
  requireReplayable,
  startReplays,
} from "@signalbox/db/prisma";
import { REPLAY_BATCH_MAX, ReplayPlan, ReplayShare } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** How many batches of a group, and replays of a batch, are shown at once. */
const LIMITS = { batchesMax: 50, replaysMax: 200 } as const;

const Group = z.strictObject({ project: Project, fingerprint: z.string().min(1).max(200) });

/** A group that is to be replayed from the record, by the version that ran (null) or another. */
const GroupReplay = Group.extend({ against: ReplayPlan.shape.against });

/** Replays of many tasks that are asked for together: workers do them, and each is kept. */
export const replayBatches = router({
  /** How many tasks of a group have ended and could be replayed, and why not the others. Nothing is changed. */
  dryRun: procedure.input(GroupReplay).query(async ({ ctx, input: { project, fingerprint, against } }) => {
    const ids = await listReplayable(ctx.state, { project, fingerprint }, REPLAY_BATCH_MAX + 1);
    const plan = ReplayPlan.parse({ against });
    const forecast = await forecastReplays(ctx.state, project, ids.slice(0, REPLAY_BATCH_MAX), { plan, now: new Date(ctx.now()) });
    return { ...forecast, isTooMany: ids.length > REPLAY_BATCH_MAX };
  }),

  /**
   * Asks for recorded replays of all tasks of a group that have ended; answers their batch. They ask nobody and have no effects.
   * Those that cannot be replayed as they stand are kept as failed. `not_found` where there are none, `invalid_input` where too many.
   */
  start: procedure.input(GroupReplay).mutation(async ({ ctx, input: { project, fingerprint, against } }) => {
    const order = { plan: ReplayPlan.parse({ against }), actor: userInfo().username, reason: null, now: new Date(ctx.now()) };
    return { batchId: await startReplays(ctx.bulk, project, await requireReplayable(ctx.state, { project, fingerprint }), order) };
  }),

  /** The last batches in which tasks of a group were replayed. */
  ofGroup: procedure
    .input(Group.extend({ limit: z.number().int().min(1).max(LIMITS.batchesMax).default(10) }))
    .query(({ ctx, input: { project, fingerprint, limit } }) => listGroupBatches(ctx.state, project, fingerprint, limit)),

  /** A batch, and how far it is. */
  get: procedure
    .input(z.strictObject({ project: Project, id: z.uuid() }))
    .query(({ ctx, input: { project, id } }) => readReplayBatch(ctx.state, project, id)),

  /** A page of a batch's replays, in their order; with a `share`, those alone that are in it. */
  replays: procedure
    .input(
      z.strictObject({
        project: Project,
        id: z.uuid(),
        share: ReplayShare.nullable().default(null),
        limit: z.number().int().min(1).max(LIMITS.replaysMax).default(100),
        cursor: z.uuid().nullish(),
        direction: PageDirection,
      }),
    )
    .query(({ ctx, input: { project, id, share, limit, cursor } }) =>
      listBatchReplays(ctx.state, { project, batchId: id, share, after: cursor ?? null, rowsMax: limit }),
    ),
});
