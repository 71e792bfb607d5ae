import { NewProject } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { createProject } from "./projectStore.ts";
import { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from "./savedViewStore.ts";

let stores: TestStores;
let prisma: PrismaClient;
const now = new Date("2026-11-26T10:00:00.000Z");
const later = new Date("2026-11-26T11:00:00.000Z");

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

/** A project of its own, so that no test sees another's views. */
async function aProject(name: string): Promise<string> {
  await createProject(prisma, NewProject.parse({ name }), now);
  return name;
}

const aView = (project: string, name: string, params: Record<string, string[]> = { status: ["error"] }) =>
  createSavedView(prisma, { project, name, params }, now, 5);
const namesOf = async (project: string) => (await listSavedViews(prisma, project, 10)).map(({ name }) => name);

test("a view is kept as it was saved, in its project alone, by name", async () => {
  const [project, other] = [await aProject("kept"), await aProject("other")];
  const params = { tag: ["größe", "x,y"], range: ["7d"] };
  await aView(project, "slow");
  expect(await aView(project, "failed", params)).toMatchObject({ project, name: "failed", params, isDefault: false });
  await aView(other, "failed");
  expect(await listSavedViews(prisma, project, 10)).toMatchObject([{ name: "failed", params }, { name: "slow" }]);
});

test("a name is given once in a project, a project has so many views, and must be there", async () => {
  const project = await aProject("names");
  const first = await aView(project, "first");
  await expect(aView(project, "first")).rejects.toMatchObject({ code: "conflict" });
  await aView(project, "second");
  await expect(changeSavedView(prisma, first.id, { name: "second" }, later)).rejects.toMatchObject({ code: "conflict" });
  for (const name of ["a", "b", "c"]) await aView(project, name);
  await expect(aView(project, "one more")).rejects.toMatchObject({ code: "conflict" });
  await expect(aView("nowhere", "first")).rejects.toMatchObject({ code: "not_found" });
});

test("a change leaves what it does not name, and one view at most is the default", async () => {
  const project = await aProject("changes");
  const [a, b] = [await aView(project, "a"), await aView(project, "b")];
  expect(await changeSavedView(prisma, a.id, { name: "renamed" }, later)).toEqual({
    ...a,
    name: "renamed",
    updatedAt: later.toISOString(),
  });
  await changeSavedView(prisma, a.id, { isDefault: true }, later);
  await changeSavedView(prisma, b.id, { isDefault: true, params: { q: ["x"] } }, later);
  expect((await listSavedViews(prisma, project, 10)).map(({ name, isDefault, params }) => [name, isDefault, params])).toEqual([
    ["b", true, { q: ["x"] }],
    ["renamed", false, { status: ["error"] }],
  ]);
});

test("a deleted view is gone, and one that is not there is not found", async () => {
  const project = await aProject("deleted");
  const view = await aView(project, "a");
  expect(await deleteSavedView(prisma, view.id)).toEqual(view);
  expect(await namesOf(project)).toEqual([]);
  await expect(deleteSavedView(prisma, view.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(changeSavedView(prisma, view.id, { name: "b" }, later)).rejects.toMatchObject({ code: "not_found" });
});
