import { GatePolicy, type GateVerdictFacts, newId, offlineHash, policyHash } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, createProject, deleteProject, type PrismaClient, registerAgentVersion, startRollout } from "../prisma/index.ts";
import { findVerdict, keepVerdict, listVerdicts, readRelease, readRolloutEvidence } from "./index.ts";

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
  expect(listed[0]).toMatchObject({ policyHash: policyHash(policy), offlineHash: offlineHash(policy), isCandidatesCommit: false });
  expect(await listVerdicts(prisma, { project: "p", candidateVersion: "v1", rowsMax: 10 })).toEqual([]);
});

test("of a commit those verdicts are listed that are said to be of it, not those that were asked for beside it", async () => {
  const of = { project: "p", commit: "d".repeat(40), rowsMax: 10 };
  await keepVerdict(prisma, { ...facts("2026-11-27T05:30:00.000Z"), commit: of.commit });
  expect(await listVerdicts(prisma, of)).toEqual([]);
  const said = { ...facts("2026-11-27T05:20:00.000Z"), commit: of.commit, isCandidatesCommit: true as const };
  const { id } = await keepVerdict(prisma, said);
  expect((await listVerdicts(prisma, of)).map((verdict) => verdict.id)).toEqual([id]);
  expect(await findVerdict(prisma, id)).toEqual({ id, ...said });
});

test("a rollout's check is the last one before it began, not one of later", async () => {
  const [stable, next] = [aVersion("1.0.0"), aVersion("1.1.0")];
  const now = new Date("2026-11-27T06:30:00.000Z");
  await createProject(prisma, { name: "rolled", organisation: "acme", environments: ["production"] }, now);
  for (const version of [stable, next]) await registerAgentVersion(prisma, version, { now, isServed: true });
  const keep = (at: string) => {
    const judged = { ...candidate, version: { name: next.name, sha256: next.hash } };
    return keepVerdict(prisma, { ...facts(at), project: "rolled", evidence: { candidate: judged, baseline: null } });
  };
  const before = await keep("2026-11-27T06:00:00.000Z");
  const order = { project: "rolled", policy: aGatePolicy(), candidate: next.name, stable: stable.name };
  const { id } = await startRollout(prisma, order, { actor: "ann", now });
  await keep("2026-11-27T07:00:00.000Z");
  expect(await readRelease(prisma, await readRolloutEvidence(prisma, id))).toMatchObject({ check: { id: before.id } });
});

test("a kept verdict is never changed, and goes only with its project", async () => {
  await createProject(prisma, { name: "gone", organisation: "acme", environments: ["production"] }, new Date());
  const { id } = await keepVerdict(prisma, { ...facts("2026-11-27T05:00:00.000Z"), project: "gone" });
  await expect(prisma.$executeRaw`UPDATE gate_verdict SET outcome = 'pass' WHERE id = ${id}::uuid`).rejects.toThrow("append-only");
  await expect(prisma.$executeRaw`DELETE FROM gate_verdict WHERE id = ${id}::uuid`).rejects.toThrow("append-only");
  await deleteProject(prisma, "gone");
  expect(await findVerdict(prisma, id)).toBeNull();
});

test("there is no verdict for a project that is not there", async () => {
  await expect(keepVerdict(prisma, { ...facts("2026-11-27T05:00:00.000Z"), project: "nobody" })).rejects.toMatchObject({
    code: "not_found",
  });
});
