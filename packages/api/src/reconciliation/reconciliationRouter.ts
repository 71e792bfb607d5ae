import { collectorBacklog, IngestSource, reconcile } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** Time ranges that end now, in seconds, and the widths of their buckets, of which none has more than a hundred. */
const RANGES = {
  "15m": { seconds: 900, stepSeconds: 60 },
  "1h": { seconds: 3_600, stepSeconds: 60 },
  "6h": { seconds: 21_600, stepSeconds: 300 },
  "24h": { seconds: 86_400, stepSeconds: 900 },
} as const;
const Range = z.enum(["15m", "1h", "6h", "24h"]);
type Range = z.infer<typeof Range>;

/** A sender's minute may have begun while this request was on its way. */
const AHEAD_SECONDS = 60;

const EXAMPLES_MAX = 50;
const EXAMPLE_CHARS_MAX = 2_000;

function windowOf(range: Range, nowMs: number) {
  const { seconds, stepSeconds } = RANGES[range];
  const now = Math.floor(nowMs / 1_000);
  return { from: Math.floor((now - seconds) / stepSeconds) * stepSeconds, to: now + AHEAD_SECONDS, stepSeconds };
}

export const reconciliationRouter = router({
  /** The fates of a project's records, by source and time, and the time up to which everything is readable. */
  accounts: procedure.input(z.strictObject({ project: Project, range: Range })).query(async ({ ctx, input: { project, range } }) => {
    const backlog = await collectorBacklog(ctx.otlpUrl);
    const window = windowOf(range, ctx.now());
    const startedAt = performance.now();
    const accounts = await ctx.ledger.accounts(project, window, backlog);
    return {
      window,
      tookMs: performance.now() - startedAt,
      readableUntilMs: backlog.readableUntilMs,
      isAudited: accounts.missing !== null,
      sources: reconcile(accounts),
    };
  }),

  /** The latest records of a time range that could not become rows. */
  rejected: procedure
    .input(z.strictObject({ project: Project, range: Range, source: IngestSource.nullable() }))
    .query(async ({ ctx, input: { project, range, source } }) => {
      const { from, to } = windowOf(range, ctx.now());
      return ctx.ledger.rejected(project, { from, to, source, rowsMax: EXAMPLES_MAX, charsMax: EXAMPLE_CHARS_MAX });
    }),
});
