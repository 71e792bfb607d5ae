import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { probePart } from "./probePart.ts";

const REASONS_MAX = 50;

export const statusRouter = router({
  /** The OTLP endpoint of this installation. */
  ingest: procedure.query(({ ctx }) => ({ otlpUrl: ctx.otlpUrl })),

  /** The current states of this installation's parts. */
  parts: procedure.query(async ({ ctx }) => Promise.all(ctx.parts.map(probePart))),

  /** The numbers of stored records, and of acknowledged records that could not be stored. */
  stored: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const [counts, rejections, newestSpan] = await Promise.all([
      ctx.inventory.counts(project),
      ctx.inventory.rejections(project, REASONS_MAX),
      ctx.traces.newestSpan(project),
    ]);
    return { counts, rejections, newestSpan };
  }),
});
