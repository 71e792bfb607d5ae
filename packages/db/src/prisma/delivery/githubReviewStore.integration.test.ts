import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import {
  changeGithubReview,
  createPrisma,
  createProject,
  listDueGithubReviews,
  type NewGithubReview,
  type PrismaClient,
  takeGithubReview,
} from "../index.ts";

const NOW = new Date("2026-11-27T12:00:00.000Z");
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

let stores: TestStores;
let prisma: PrismaClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "shop", organisation: "o", environments: ["production"] }, NOW);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const aReview = (changes: Partial<NewGithubReview> = {}): NewGithubReview => ({
  ...{ project: "shop", gate: "shop-agent", deliveryId: "d-1", repository: "octo-org/shop", runId: 9_007_199_254_740_991 },
  ...{ environment: "production", installation: 7, sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e", ...changes },
});

test("a deployment is taken in once: by its delivery, and by its run and environment", async () => {
  expect(await takeGithubReview(prisma, aReview(), NOW)).toBe(true);
  expect(await takeGithubReview(prisma, aReview({ runId: 43 }), NOW)).toBe(false);
  expect(await takeGithubReview(prisma, aReview({ deliveryId: "d-2" }), NOW)).toBe(false);
  expect(await takeGithubReview(prisma, aReview({ deliveryId: "d-3", environment: "staging" }), after(1))).toBe(true);
  const due = await listDueGithubReviews(prisma, after(1), 10);
  expect(due.map(({ environment, runId, attempts, told }) => [environment, runId, attempts, told])).toEqual([
    ["production", 9_007_199_254_740_991, 0, null],
    ["staging", 9_007_199_254_740_991, 0, null],
  ]);
});

test("one that waits comes again when it is due, and one that was answered stays so", async () => {
  const [review] = await listDueGithubReviews(prisma, NOW, 1);
  const id = review?.id ?? "";
  const change = { now: NOW, nextAt: after(15), attempts: 1, comments: 1, told: "Wait." };
  await changeGithubReview(prisma, id, { ...change, state: "waiting" });
  expect((await listDueGithubReviews(prisma, after(14), 10)).map((one) => one.id)).not.toContain(id);
  expect(await listDueGithubReviews(prisma, after(15), 10)).toContainEqual(expect.objectContaining({ id, attempts: 1, told: "Wait." }));
  await changeGithubReview(prisma, id, { ...change, state: "approved" });
  await changeGithubReview(prisma, id, { ...change, state: "waiting" });
  expect((await listDueGithubReviews(prisma, after(60), 10)).map((one) => one.id)).not.toContain(id);
  expect(await prisma.githubReviewRow.findUnique({ where: { id } })).toMatchObject({ state: "approved", endedAt: NOW });
});
