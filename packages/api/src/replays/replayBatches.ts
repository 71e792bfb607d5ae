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
import { ActReason, confirmEffects, REPLAY_BATCH_MAX, ReplayPlan, ReplayShare } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** How many batches of a group, and replays of a batch, are shown at once. */
const LIMITS = { batchesMax: 50, replaysMax: 200 } as const;

const Group = z.strictObject({ project: Project, fingerprint: z.string().min(1).max(200) });

/** What decides which tasks of a group can be replayed. */
const GroupQuestion = Group.extend({ mode: ReplayPlan.shape.mode, against: ReplayPlan.shape.against });

/** An order to replay all tasks of a group with one plan. External effects need a reason, and as `confirmation` the number of tasks. */
const GroupOrder = Group.extend({
  plan: ReplayPlan.refine(({ from }) => from === 1, { message: "many tasks go live from their beginning", path: ["from"] }),
  reason: ActReason.optional(),
  confirmation: z.string().max(20).optional(),
});

/** Replays of many tasks that are asked for together: workers do them, and each is kept. */
export const replayBatches = router({
  /** How many tasks of a group have ended and could be replayed, and why not the others. Nothing is changed. */
  dryRun: procedure.input(GroupQuestion).query(async ({ ctx, input: { project, fingerprint, ...asked } }) => {
    const ids = await listReplayable(ctx.state, { project, fingerprint }, REPLAY_BATCH_MAX + 1);
    const plan = ReplayPlan.parse(asked);
    const forecast = await forecastReplays(ctx.state, project, ids.slice(0, REPLAY_BATCH_MAX), { plan, now: new Date(ctx.now()) });
    return { ...forecast, isTooMany: ids.length > REPLAY_BATCH_MAX };
  }),

  /**
   * Requests replays of all tasks of a group that have ended; returns the id of their batch. Those that cannot be replayed as they
   * stand are kept as failed. `not_found` where there are none, `invalid_input` where too many, or external effects not confirmed.
   */
  start: procedure.input(GroupOrder).mutation(async ({ ctx, input: { plan, reason = null, confirmation, ...group } }) => {
    const ids = await requireReplayable(ctx.state, group);
    confirmEffects(plan, confirmation, ids.length);
    const order = { plan, actor: userInfo().username, reason, now: new Date(ctx.now()) };
    return { batchId: await startReplays(ctx.bulk, group, ids, order) };
  }),

  /** The last batches of a group. */
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
