import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { probePart } from "./probePart.ts";

const REASONS_MAX = 50;

export const statusRouter = router({
  /** Where this installation takes telemetry. */
  ingest: procedure.query(({ ctx }) => ({ otlpUrl: ctx.otlpUrl })),

  /** Which parts of this installation work right now. */
  parts: procedure.query(async ({ ctx }) => Promise.all(ctx.parts.map(probePart))),

  /** What is stored, and what was acknowledged but could not be. */
  stored: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const [counts, rejections, newestSpan] = await Promise.all([
      ctx.inventory.counts(project),
      ctx.inventory.rejections(project, REASONS_MAX),
      ctx.traces.newestSpan(project),
    ]);
    return { counts, rejections, newestSpan };
  }),
});
