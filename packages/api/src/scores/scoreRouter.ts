import { TraceAddress } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const SCORES_MAX = 5_000;

export const scoreRouter = router({
  /** The scores of a trace and of its spans, the trace's own first. */
  byTrace: procedure.input(TraceAddress).query(({ ctx, input: { project, traceId } }) => ctx.scores.ofTrace(project, traceId, SCORES_MAX)),
});
