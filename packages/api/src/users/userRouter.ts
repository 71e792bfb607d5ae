import { FacetValue } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { OwnerList } from "../sessions/ownerList.ts";
import { resolveRange, TimeRange } from "../timeRange.ts";
import { procedure, router } from "../trpc.ts";

export const userRouter = router({
  /** A page of users, last active first, with the totals of their traces in the time range. */
  list: procedure
    .input(OwnerList)
    .query(({ ctx, input: { project, range, search, limit, cursor } }) =>
      ctx.sessions.users({ project, window: resolveRange(range, ctx.now()), search, user: null, cursor: cursor ?? null, limit }),
    ),

  /** The totals of a user's traces in the time range, or null when it lists none of theirs. */
  get: procedure
    .input(z.strictObject({ project: Project, user: FacetValue, range: TimeRange }))
    .query(({ ctx, input: { project, user, range } }) => ctx.sessions.totalsOf("user", project, resolveRange(range, ctx.now()), user)),
});
