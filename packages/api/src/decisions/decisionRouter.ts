import { readCheckpointState } from "@signalbox/db/prisma";
import { verifyChain } from "@signalbox/model";
import { z } from "zod";
import { Project, TraceAddress } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { readTimeline } from "./taskTimeline.ts";

/** A chain cut at this many decisions could not be verified to its end, so `isTruncated` says when it was. */
const DECISIONS_MAX = 5_000;

export const decisionRouter = router({
  /** The decision logs of the tasks that ran in a trace, each with whether its hash chain verifies. */
  byTrace: procedure.input(TraceAddress).query(async ({ ctx, input: { project, traceId } }) => {
    const read = await ctx.decisions.byTrace(project, traceId, DECISIONS_MAX + 1);
    const decisions = read.slice(0, DECISIONS_MAX);
    const tasks = [...Map.groupBy(decisions, (decision) => decision.taskId)].map(([taskId, ofTask]) => ({
      taskId,
      decisions: ofTask,
      chain: verifyChain(ofTask),
    }));
    return { tasks, isTruncated: read.length > DECISIONS_MAX };
  }),

  /** How far the decision log is signed, for all projects together, and the exported checkpoints. */
  checkpoints: procedure.query(({ ctx }) => readCheckpointState(ctx.state)),

  /** A task of ours through all its moments: each value is given with the moments between which it lasts. */
  timeline: procedure
    .input(z.strictObject({ project: Project, taskId: z.uuid() }))
    .query(({ ctx, input: { project, taskId } }) => readTimeline(ctx, project, taskId)),
});
