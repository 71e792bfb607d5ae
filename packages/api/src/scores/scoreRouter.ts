import { userInfo } from "node:os";
import { AppError, newId } from "@signalbox/model";
import { z } from "zod";
import { Project, TraceAddress } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const SCORES_MAX = 5_000;
const NAMES_MAX = 200;

/** What a person's scores are signed with: whose console it is, until there are people. */
const personHere = (): string => `person:${userInfo().username}`;

const Name = z.string().trim().min(1).max(120);

export const scoreRouter = router({
  /** The scores of a trace and of its spans, the trace's own first. */
  byTrace: procedure.input(TraceAddress).query(({ ctx, input: { project, traceId } }) => ctx.scores.ofTrace(project, traceId, SCORES_MAX)),

  /** What scores of a project are called, the most frequent name first. */
  names: procedure.input(z.strictObject({ project: Project })).query(({ ctx, input: { project } }) => ctx.scores.names(project, NAMES_MAX)),

  /** Gives a trace a person's score; one of the same name takes the place of that person's earlier one. A thumb is 1 or 0. */
  give: procedure
    .input(
      TraceAddress.extend({
        name: Name.default("thumb"),
        value: z.number(),
        label: z.string().trim().max(120).default(""),
        comment: z.string().trim().max(4_000).default(""),
      }),
    )
    .mutation(async ({ ctx, input: { project, traceId, name, value, label, comment } }) => {
      if ((await ctx.traces.summary(project, traceId)) === null)
        throw new AppError("not_found", `No span of trace ${traceId} is stored.`, { hint: "It may belong to another project." });
      const time = new Date(ctx.now()).toISOString();
      const score = { project, traceId, spanId: null, name, value, label, explanation: comment, scorer: personHere(), time };
      await ctx.giveScores([score], `given:${newId()}`);
      return score;
    }),

  /** Takes a person's score of a trace back. */
  takeBack: procedure
    .input(TraceAddress.extend({ name: Name.default("thumb") }))
    .mutation(({ ctx, input: { project, traceId, name } }) =>
      ctx.takeScoreBack({ project, traceId, spanId: null, name, scorer: personHere() }),
    ),

  /** How the scores are signed that this console gives. */
  person: procedure.query(() => personHere()),
});
