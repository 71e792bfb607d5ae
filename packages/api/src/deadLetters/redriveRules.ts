import { userInfo } from "node:os";
import { createRedriveRule, deleteRedriveRule, listRedriveRules, steerRedriveRule } from "@signalbox/db/prisma";
import { ActReason, NewRedriveRule } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const RuleAct = z.strictObject({ project: Project, name: z.string().min(1).max(200), reason: ActReason });

const steers = (steer: Parameters<typeof steerRedriveRule>[1]) =>
  procedure
    .input(RuleAct)
    .mutation(({ ctx, input }) => steerRedriveRule(ctx.state, steer, { ...input, actor: userInfo().username, now: new Date(ctx.now()) }));

/** Rules that redrive letters without a person. */
export const redriveRules = router({
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listRedriveRules(ctx.state, project, new Date(ctx.now()))),

  create: procedure
    .input(NewRedriveRule)
    .mutation(({ ctx, input }) => createRedriveRule(ctx.state, input, { actor: userInfo().username, now: new Date(ctx.now()) })),

  pause: steers("pause"),
  resume: steers("resume"),

  delete: procedure
    .input(RuleAct)
    .mutation(({ ctx, input }) => deleteRedriveRule(ctx.state, { ...input, actor: userInfo().username, now: new Date(ctx.now()) })),
});
