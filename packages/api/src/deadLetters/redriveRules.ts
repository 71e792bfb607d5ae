import { userInfo } from "node:os";
import { createRedriveRule, deleteRedriveRule, listRedriveRules } from "@signalbox/db/prisma";
import { NewRedriveRule } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** Rules that redrive letters without a person. */
export const redriveRules = router({
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listRedriveRules(ctx.state, project, new Date(ctx.now()))),

  create: procedure
    .input(NewRedriveRule)
    .mutation(({ ctx, input }) => createRedriveRule(ctx.state, input, { actor: userInfo().username, now: new Date(ctx.now()) })),

  delete: procedure
    .input(z.strictObject({ project: Project, name: z.string(), reason: z.string().trim().min(1, "say why").max(1_000) }))
    .mutation(({ ctx, input }) => deleteRedriveRule(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) })),
});
