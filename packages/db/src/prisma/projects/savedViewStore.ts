import { AppError, type NewSavedView, newId, SavedView, type SavedViewChange } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { requireProject } from "./projectStore.ts";

/** Prisma's error code for a violated unique index. */
const NOT_UNIQUE = "P2002";

function toSavedView({ createdAt, updatedAt, ...fields }: Prisma.SavedViewRowGetPayload<object>): SavedView {
  return SavedView.parse({ ...fields, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });
}

/** Up to `rowsMax` views of a project, by name. */
export async function listSavedViews(prisma: PrismaClient, project: string, rowsMax: number): Promise<SavedView[]> {
  const rows = await askStateStore(() => prisma.savedViewRow.findMany({ where: { project }, orderBy: { name: "asc" }, take: rowsMax }));
  return rows.map(toSavedView);
}

/** Saves a view. Throws `not_found` without such a project, `conflict` when it has `viewsMax` views or one of that name. */
export async function createSavedView(prisma: PrismaClient, view: NewSavedView, now: Date, viewsMax: number): Promise<SavedView> {
  await requireProject(prisma, view.project);
  const count = await askStateStore(() => prisma.savedViewRow.count({ where: { project: view.project } }));
  if (count >= viewsMax)
    throw new AppError("conflict", `Project ${view.project} has ${viewsMax} views, and more are not kept.`, { hint: "Delete one first." });
  const data = { id: newId(), ...view, createdAt: now, updatedAt: now };
  return toSavedView(await askStateStore(() => refusingTakenName(view.name, () => prisma.savedViewRow.create({ data }))));
}

/** Changes a view. A new default replaces the old one. Throws `not_found` without such a view, `conflict` when its new name is taken. */
export async function changeSavedView(prisma: PrismaClient, id: string, change: SavedViewChange, now: Date): Promise<SavedView> {
  const { name, params, isDefault } = change;
  const data = {
    ...(name === undefined ? {} : { name }),
    ...(params === undefined ? {} : { params }),
    ...(isDefault === undefined ? {} : { isDefault }),
    updatedAt: now,
  };
  const [row] = await askStateStore(() =>
    refusingTakenName(name ?? "", () =>
      prisma.$transaction(async (transaction) => {
        const known = await transaction.savedViewRow.findUnique({ where: { id } });
        if (known !== null && isDefault === true)
          await transaction.savedViewRow.updateMany({ where: { project: known.project, isDefault: true }, data: { isDefault: false } });
        return transaction.savedViewRow.updateManyAndReturn({ where: { id }, data });
      }),
    ),
  );
  if (row === undefined) throw viewNotFound();
  return toSavedView(row);
}

/** Deletes a view and returns it. Throws `not_found` without such a view. */
export async function deleteSavedView(prisma: PrismaClient, id: string): Promise<SavedView> {
  const row = await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const known = await transaction.savedViewRow.findUnique({ where: { id } });
      await transaction.savedViewRow.deleteMany({ where: { id } });
      return known;
    }),
  );
  if (row === null) throw viewNotFound();
  return toSavedView(row);
}

async function refusingTakenName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === NOT_UNIQUE)
      throw new AppError("conflict", `There is a view named "${name}" already.`, { cause: error, hint: "Choose another name." });
    throw error;
  }
}

function viewNotFound(): AppError {
  return new AppError("not_found", "There is no such view.", { hint: "Somebody may have deleted it." });
}
