import { userInfo } from "node:os";
import { discardLetters, forecastDiscard } from "@signalbox/db/prisma";
import { confirmBulk, DiscardOrder } from "@signalbox/model";
import { procedure } from "../trpc.ts";

/** What is done about dead letters at once. */
export const letterActs = {
  /** How many letters a discard would be of. Nothing is changed. */
  discardDryRun: procedure
    .input(DiscardOrder.pick({ project: true, selection: true }))
    .query(({ ctx, input }) => forecastDiscard(ctx.bulk, input)),

  /** Gives letters up for good. */
  discard: procedure.input(DiscardOrder).mutation(({ ctx, input: { confirmation, ...order } }) => {
    const act = { ...order, actor: userInfo().username };
    return discardLetters(ctx.bulk, act, { now: new Date(ctx.now()), confirm: confirmBulk(confirmation, null) });
  }),
};
