import { userInfo } from "node:os";
import { placeOf } from "@signalbox/db/clickhouse";
import { AppError, newId } from "@signalbox/model";
import { z } from "zod";
import { Project, TraceAddress } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const SCORES_MAX = 5_000;
const NAMES_MAX = 200;
const PAGE_MAX = 1_000;
const LABELS_MAX = 500;

/** The name that signs a person's scores: the user of this process, until people can sign in. */
const personHere = (): string => `person:${userInfo().username}`;

/** The name of a program that gives scores. */
const Source = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,59}$/,
    "a source has 1 to 60 lower-case letters, digits, dots, hyphens and underscores, and begins with one of the first two",
  )
  .optional();

const signedBy = (source: string | undefined): string => (source === undefined ? personHere() : `api:${source}`);

const Name = z.string().trim().min(1).max(120);

/** Where a page of a project's scores ended. */
const Place = z.strictObject({
  ...{ traceId: z.string(), spanId: z.string(), name: z.string(), scorer: z.string(), feedbackId: z.string(), isLabel: z.boolean() },
});

export const scoreRouter = router({
  /** A page of a project's scores and of its labels, whose value is null, each in its latest version: by trace, span, name and scorer. */
  list: procedure
    .input(
      z.strictObject({
        project: Project,
        names: z.array(Name).max(NAMES_MAX).default([]),
        since: z.iso.datetime().optional(),
        before: z.iso.datetime().optional(),
        cursor: Place.nullish(),
        limit: z.number().int().min(1).max(PAGE_MAX).default(200),
      }),
    )
    .query(async ({ ctx, input: { project, names, since, before, cursor, limit } }) => {
      const times = {
        ...(since === undefined ? {} : { since: new Date(since) }),
        ...(before === undefined ? {} : { before: new Date(before) }),
      };
      const scores = await ctx.scorePage({ project, names, ...times }, cursor ?? null, limit);
      const last = scores.at(-1);
      return { scores, next: scores.length < limit || last === undefined ? null : placeOf(last) };
    }),

  /** The scores of a trace and of its spans, the trace's own first. */
  byTrace: procedure.input(TraceAddress).query(({ ctx, input: { project, traceId } }) => ctx.scores.ofTrace(project, traceId, SCORES_MAX)),

  /** The labels of a trace and of its spans, which have no number; the trace's own first. */
  labels: procedure.input(TraceAddress).query(({ ctx, input: { project, traceId } }) => ctx.traceLabels(project, traceId, LABELS_MAX)),

  /** The names of a project's scores, the most frequent first. */
  names: procedure.input(z.strictObject({ project: Project })).query(({ ctx, input: { project } }) => ctx.scores.names(project, NAMES_MAX)),

  /**
   * Gives a trace a score, from a person or a program (`source`); it replaces the giver's earlier one of the same name. A thumb is 1 or 0.
   */
  give: procedure
    .input(
      TraceAddress.extend({
        name: Name.default("thumb"),
        value: z.number(),
        label: z.string().trim().max(120).default(""),
        comment: z.string().trim().max(4_000).default(""),
        source: Source,
      }),
    )
    .mutation(async ({ ctx, input: { project, traceId, name, value, label, comment, source } }) => {
      if ((await ctx.traces.summary(project, traceId)) === null)
        throw new AppError("not_found", `No span of trace ${traceId} is stored.`, { hint: "It may belong to another project." });
      const time = new Date(ctx.now()).toISOString();
      const score = { project, traceId, spanId: null, name, value, label, explanation: comment, scorer: signedBy(source), time };
      await ctx.giveScores([score], `given:${newId()}`);
      return score;
    }),

  /** Withdraws a score of a trace, a person's or a program's. */
  takeBack: procedure
    .input(TraceAddress.extend({ name: Name.default("thumb"), source: Source }))
    .mutation(({ ctx, input: { project, traceId, name, source } }) =>
      ctx.takeScoreBack({ project, traceId, spanId: null, name, scorer: signedBy(source) }),
    ),

  /** The name that signs the scores of this console's user. */
  person: procedure.query(() => personHere()),
});
