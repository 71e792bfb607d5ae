import { userInfo } from "node:os";
import { listBlocks, listLooks, listRolloutEntries, listRollouts, readRollout, storeNow } from "@signalbox/db/prisma";
import { evidenceOver } from "@signalbox/evals";
import { ProjectName, RolloutAct, RolloutPhase } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { procedure, router } from "../trpc.ts";
import { countedAgainst } from "./countedAgainst.ts";
import { actOnRollout } from "./rolloutActs.ts";
import { readRolloutView } from "./rolloutView.ts";

const LIMITS = { rolloutsMax: 200, entriesMax: 500, pointsMax: 400 } as const;

const METRIC_CHARS_MAX = 200;

const RolloutAddress = z.strictObject({ id: z.uuid() });

export const rolloutRouter = router({
  /** A page of rollouts, latest first. */
  list: procedure
    .input(
      z.strictObject({
        project: ProjectName.optional(),
        phase: RolloutPhase.optional(),
        limit: z.int().min(1).max(LIMITS.rolloutsMax).default(50),
        cursor: z.uuid().nullish(),
        direction: PageDirection,
      }),
    )
    .query(({ ctx, input: { cursor, direction: _, ...page } }) => listRollouts(ctx.state, { ...page, cursor: cursor ?? undefined })),

  /** A rollout, the verdict of its last look, and its candidate's share of the traffic against its target. */
  byId: procedure.input(RolloutAddress).query(({ ctx, input: { id } }) => readRolloutView(ctx.bulk, id)),

  /**
   * Up to `limit` entries of a rollout's log after number `after`, in order;
   * `next` is the value of `after` for the next page, null where there is none.
   */
  entries: procedure
    .input(RolloutAddress.extend({ after: z.int().min(-1).default(-1), limit: z.int().min(1).max(LIMITS.entriesMax).default(100) }))
    .query(async ({ ctx, input: { id, after, limit } }) => {
      await readRollout(ctx.state, id);
      const found = await listRolloutEntries(ctx.state, id, { after, rowsMax: limit + 1 });
      const entries = found.slice(0, limit);
      return { entries, next: found.length > limit ? (entries.at(-1)?.number ?? null) : null };
    }),

  /** The growth of the evidence, look by look, and the thresholds for a rollback and a promotion. */
  evidence: procedure.input(RolloutAddress).query(async ({ ctx, input: { id } }) => {
    const rollout = await readRollout(ctx.state, id);
    const [blocks, looks] = await Promise.all([listBlocks(ctx.bulk, id), listLooks(ctx.bulk, id)]);
    const canary = rollout.policy.spec.canary;
    return {
      points: evidenceOver(rollout, blocks, looks, LIMITS.pointsMax),
      eHarmToRollBack: 1 / (canary?.rollback.alpha ?? 1),
      eSafeToPromote: 1 / (canary?.promote.beta ?? 1),
    };
  }),

  /** The units that counted against the candidate in a metric, as of the last look. */
  countedAgainst: procedure
    .input(RolloutAddress.extend({ metric: z.string().min(1).max(METRIC_CHARS_MAX) }))
    .query(({ ctx, input: { id, metric } }) => countedAgainst(ctx, id, metric)),

  /**
   * Acts on a rollout at once, and records that. The recorded actor is the user
   * of this process. Returns the rollout afterwards; for `retry` the new one.
   */
  act: procedure.input(RolloutAddress.extend(RolloutAct.shape)).mutation(async ({ ctx, input: { id, ...act } }) => {
    const who = { actor: userInfo().username, now: await storeNow(ctx.state) };
    return (await actOnRollout(ctx.state, id, act, who)).rollout;
  }),
});
