import { AppError, FacetValue, type TimeWindow } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { resolveRange } from "../timeRange.ts";
import { procedure, router } from "../trpc.ts";
import { OwnerList } from "./ownerList.ts";
import { turnText } from "./turnText.ts";

const LIMITS = { turnsMax: 50, scoresMax: 2_000 } as const;

const SessionAddress = z.strictObject({ project: Project, session: FacetValue });
const TurnKey = z.strictObject({ startTimeUnixNano: z.string().regex(/^\d{1,19}$/), traceId: z.string().regex(/^[0-9a-f]{32}$/) });

async function windowOf(ctx: Context, project: string, session: string): Promise<TimeWindow> {
  const window = await ctx.sessions.sessionWindow(project, session);
  if (window === null)
    throw new AppError("not_found", "No span of this session is stored.", {
      hint: "It may not have arrived yet, or belong to another project.",
    });
  return window;
}

export const sessionRouter = router({
  /** A page of sessions, last active first, with their totals in the time range. */
  list: procedure
    .input(OwnerList.extend({ user: FacetValue.optional() }))
    .query(({ ctx, input: { project, range, search, user, limit, cursor } }) =>
      ctx.sessions.sessions({ project, window: resolveRange(range, ctx.now()), search, user: user ?? null, cursor: cursor ?? null, limit }),
    ),

  /** The totals of a whole session. */
  get: procedure.input(SessionAddress).query(async ({ ctx, input: { project, session } }) => {
    const window = await windowOf(ctx, project, session);
    const totals = await ctx.sessions.totalsOf("session", project, window, session);
    if (totals === null) throw new AppError("not_found", "No trace of this session is stored.");
    return { totals, window };
  }),

  /** A page of a session's traces in the order of their starts, each with its question and answer. */
  turns: procedure
    .input(
      SessionAddress.extend({
        limit: z.number().int().min(1).max(LIMITS.turnsMax).default(20),
        cursor: TurnKey.nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, session, limit, cursor } }) => {
      const window = await windowOf(ctx, project, session);
      const page = await ctx.traces.list({ project, window, filter: { session }, cursor: cursor ?? null, direction: "newer", limit });
      const traceIds = page.traces.map(({ traceId }) => traceId);
      const [words, scores] = await Promise.all([
        ctx.sessions.words(project, window, traceIds),
        ctx.scores.byTraces(project, traceIds, LIMITS.scoresMax),
      ]);
      const wordsOf = new Map(words.map((said) => [said.traceId, said]));
      const turns = page.traces.map((trace) => {
        const said = wordsOf.get(trace.traceId);
        return {
          ...trace,
          asked: turnText(said?.asked ?? [], "user"),
          answered: turnText(said?.answered ?? [], "assistant"),
          statusMessage: said?.statusMessage ?? "",
          scores: scores.filter((score) => score.traceId === trace.traceId && score.spanId === null),
        };
      });
      return { turns, next: page.next };
    }),
});
