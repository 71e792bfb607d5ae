import { userInfo } from "node:os";
import { discardLetters, forecastDiscard } from "@signalbox/db/prisma";
import { confirmBulk, DiscardOrder } from "@signalbox/model";
import { procedure } from "../trpc.ts";

/** Immediate acts on dead letters. */
export const letterActs = {
  /** The number of letters that a discard would affect. Nothing is changed. */
  discardDryRun: procedure
    .input(DiscardOrder.pick({ project: true, selection: true }))
    .query(({ ctx, input }) => forecastDiscard(ctx.bulk, input)),

  /** Discards letters for good. */
  discard: procedure.input(DiscardOrder).mutation(({ ctx, input: { confirmation, ...order } }) => {
    const act = { ...order, actor: userInfo().username };
    return discardLetters(ctx.bulk, act, { now: new Date(ctx.now()), confirm: confirmBulk(confirmation, null) });
  }),
};
