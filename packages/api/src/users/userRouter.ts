import { FacetValue } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { OwnerList } from "../sessions/ownerList.ts";
import { resolveRange, TimeRange } from "../timeRange.ts";
import { procedure, router } from "../trpc.ts";

export const userRouter = router({
  /** A page of users, the one who was active last first, with what their traces came to in the time range. */
  list: procedure
    .input(OwnerList)
    .query(({ ctx, input: { project, range, search, limit, cursor } }) =>
      ctx.sessions.users({ project, window: resolveRange(range, ctx.now()), search, user: null, cursor: cursor ?? null, limit }),
    ),

  /** What a user's traces came to in the time range, or null when none of theirs is listed in it. */
  get: procedure
    .input(z.strictObject({ project: Project, user: FacetValue, range: TimeRange }))
    .query(({ ctx, input: { project, user, range } }) => ctx.sessions.totalsOf("user", project, resolveRange(range, ctx.now()), user)),
});
