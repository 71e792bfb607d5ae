import { GatePolicy, type GateVerdictFacts, newId, policyHash } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, createProject, type PrismaClient } from "../prisma/index.ts";
import { findVerdict, keepVerdict, listVerdicts } from "./index.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "p", organisation: "acme", environments: ["production"] }, new Date());
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const policy = GatePolicy.parse({
  ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "near" } },
  spec: { offline: { dataset: "d", metrics: [{ name: "passed", kind: "binary", nonInferiorityMargin: 0.03 }] } },
});
const candidate = {
  ...{ name: "new", digest: "a".repeat(64), version: { name: "v2", sha256: null }, dataset: { name: "d@1", hash: "h" }, unitKey: null },
  ...{ calibrations: {}, trials: [{ item: "i", scores: { passed: 0.1 + 0.2 }, traceId: null }] },
};
const facts = (at: string): GateVerdictFacts => ({
  ...{ project: "p", gate: "near", at, actor: "ann", commit: "c".repeat(40), policy, evidence: { candidate, baseline: null } },
  verdict: { verdict: "inconclusive", reason: "There is no baseline to compare with.", metrics: [] },
});

test("a verdict is kept with its policy and evidence, to the last bit of a number", async () => {
  const { id } = await keepVerdict(prisma, facts("2026-11-27T04:00:00.000Z"));
  expect(await findVerdict(prisma, id)).toEqual({ id, ...facts("2026-11-27T04:00:00.000Z") });
  expect(await findVerdict(prisma, newId())).toBeNull();
});

test("kept verdicts are listed with the latest first, and those of a version alone", async () => {
  await keepVerdict(prisma, facts("2026-11-27T05:00:00.000Z"));
  const listed = await listVerdicts(prisma, { project: "p", rowsMax: 10 });
  expect(listed.map(({ at }) => at)).toEqual(["2026-11-27T05:00:00.000Z", "2026-11-27T04:00:00.000Z"]);
  expect(listed[0]).toMatchObject({ verdict: "inconclusive", candidate: "new", baseline: null, dataset: "d@1", datasetHash: "h" });
  expect(listed[0]?.policyHash).toBe(policyHash(policy));
  expect(await listVerdicts(prisma, { project: "p", candidateVersion: "v1", rowsMax: 10 })).toEqual([]);
});

test("there is no verdict for a project that is not there", async () => {
  await expect(keepVerdict(prisma, { ...facts("2026-11-27T05:00:00.000Z"), project: "nobody" })).rejects.toMatchObject({
    code: "not_found",
  });
});
