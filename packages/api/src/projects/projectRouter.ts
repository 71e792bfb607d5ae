import { createApiKey, createProject, listApiKeys, listProjects, revokeApiKey } from "@signalbox/db/prisma";
import { NewApiKey, NewProject } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const ROWS_MAX = 1_000;

export const projectRouter = router({
  /** Every project, by organisation and name. */
  list: procedure.query(({ ctx }) => listProjects(ctx.state, ROWS_MAX)),

  /** Makes a project. */
  create: procedure.input(NewProject).mutation(({ ctx, input }) => createProject(ctx.state, input, new Date(ctx.now()))),

  /** A project's keys without their secrets: those that work first, the newest at the front. */
  keys: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listApiKeys(ctx.state, project, ROWS_MAX)),

  /** Makes a key. Its secret is in this answer and in no other. */
  createKey: procedure.input(NewApiKey).mutation(({ ctx, input }) => createApiKey(ctx.state, input, new Date(ctx.now()))),

  /** Revokes a key for good. */
  revokeKey: procedure
    .input(z.strictObject({ id: z.uuid() }))
    .mutation(({ ctx, input: { id } }) => revokeApiKey(ctx.state, id, new Date(ctx.now()))),
});
