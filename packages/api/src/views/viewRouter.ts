import { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from "@signalbox/db/prisma";
import { NewSavedView, SavedViewChange } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** The most views per project: as many as one can still choose from. */
const VIEWS_MAX = 200;

const ViewId = z.uuid();

export const viewRouter = router({
  /** The saved views of a project's trace list, by name. */
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listSavedViews(ctx.state, project, VIEWS_MAX)),

  /** Saves a state of the list under a new name. */
  create: procedure.input(NewSavedView).mutation(({ ctx, input }) => createSavedView(ctx.state, input, new Date(ctx.now()), VIEWS_MAX)),

  /** Renames a view, saves another state under its name, or makes it the one that the list opens with. */
  change: procedure
    .input(z.strictObject({ id: ViewId, change: SavedViewChange }))
    .mutation(({ ctx, input: { id, change } }) => changeSavedView(ctx.state, id, change, new Date(ctx.now()))),

  /** Deletes a view and returns it. */
  delete: procedure.input(z.strictObject({ id: ViewId })).mutation(({ ctx, input: { id } }) => deleteSavedView(ctx.state, id)),
});
