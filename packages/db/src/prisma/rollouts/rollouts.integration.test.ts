import { GATE_ACTOR, type LiveVerdict, newId, policyHash, type Rollout, verifyEntries } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import {
  actOnRollout,
  changeRouting,
  clearRouting,
  createPrisma,
  createProject,
  currentRollout,
  deleteProject,
  findRolloutOf,
  keepRouting,
  listAudit,
  listRolloutEntries,
  listRollouts,
  type PrismaClient,
  readRollout,
  readRolloutRecord,
  readRouting,
  recordLook,
  registerAgentVersion,
  startRollout,
} from "../index.ts";

const [STABLE, CANDIDATE, OTHER] = [aVersion("1.0.0"), aVersion("1.1.0"), aVersion("1.2.0")];
const NOW = new Date("2026-11-27T12:00:00.000Z");
const ADA = { actor: "ada", now: NOW };

let stores: TestStores;
let prisma: PrismaClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  for (const version of [STABLE, CANDIDATE, OTHER]) await registerAgentVersion(prisma, version, { now: NOW, isServed: true });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** A new project that the stable version serves. */
async function aProject(): Promise<string> {
  const name = `p-${newId().slice(0, 8)}`;
  await createProject(prisma, { name, organisation: "o", environments: ["production"] }, NOW);
  await changeRouting(prisma, name, { stable: STABLE.name }, ADA);
  return name;
}

const begin = (project: string, changes: object = {}): Promise<Rollout> =>
  startRollout(prisma, { project, policy: aGatePolicy(), candidate: CANDIDATE.name, ...changes }, ADA);
const act = (id: string, verb: "pause" | "resume" | "approve" | "promote" | "abort" | "retry", minutes = 0): Promise<Rollout> =>
  actOnRollout(prisma, id, { act: verb, reason: "so it is" }, { actor: "bo", now: new Date(NOW.getTime() + minutes * 60_000) });
const kindsOf = async (id: string) =>
  (await listRolloutEntries(prisma, id, { rowsMax: 100 })).map(({ kind, weight }) => `${kind} ${weight}`);

test("a rollout begins at its first step's weight, on record, sealed and audited", async () => {
  const project = await aProject();
  const rollout = await begin(project);
  expect(rollout).toMatchObject({ project, gate: "shop-agent", stable: STABLE.name, phase: "running", step: 0, startedBy: "ada" });
  expect(await readRouting(prisma, project)).toMatchObject({ stable: STABLE.name, candidate: CANDIDATE.name, weight: 25 });
  const entries = await listRolloutEntries(prisma, rollout.id, { rowsMax: 10 });
  expect(entries).toMatchObject([{ kind: "started", number: 0, weight: 25, actor: "ada", at: NOW.toISOString() }]);
  expect(verifyEntries(entries)).toEqual({ kind: "whole" });
  expect(await listAudit(prisma, { project, rowsMax: 10 })).toMatchObject([{ act: "rollout_started", subject: rollout.id }]);
  expect(await currentRollout(prisma, project)).toEqual(rollout);
  expect(await findRolloutOf(prisma, { gate: "shop-agent", candidate: CANDIDATE.name, project })).toEqual(rollout);
  expect(await listRollouts(prisma, { project, limit: 1 })).toEqual({ rollouts: [{ ...rollout, units: null }], next: null });
});

test("what cannot be rolled out is refused, and says what to do", async () => {
  const project = await aProject();
  const refusal = async (changes: object) => {
    const error = await begin(project, changes).catch((thrown: unknown) => thrown);
    return error as { code: string; message: string; hint: string };
  };
  expect(await refusal({ candidate: STABLE.name })).toMatchObject({ code: "invalid_input", message: expect.stringContaining("already") });
  expect(await refusal({ candidate: `${CANDIDATE.name}x` })).toMatchObject({
    code: "not_found",
    hint: expect.stringContaining(CANDIDATE.name),
  });
  const { canary: _, ...spec } = aGatePolicy().spec;
  expect(await refusal({ policy: { ...aGatePolicy(), spec } })).toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("canary"),
  });
  expect(await refusal({ stable: OTHER.name })).toMatchObject({ code: "conflict", message: expect.stringContaining(STABLE.name) });
  await changeRouting(prisma, project, { candidate: OTHER.name, weight: 3 }, ADA);
  expect(await refusal({})).toMatchObject({ code: "conflict", message: expect.stringContaining(`3 % of its sessions to ${OTHER.name}`) });
});

test("a project has one rollout at a time, and its routing is the rollout's", async () => {
  const project = await aProject();
  const first = await begin(project);
  const underWay = { code: "conflict", message: expect.stringContaining(first.id) };
  await expect(begin(project)).rejects.toMatchObject(underWay);
  await expect(changeRouting(prisma, project, { weight: 90 }, ADA)).rejects.toMatchObject(underWay);
  await expect(clearRouting(prisma, project, ADA)).rejects.toMatchObject(underWay);
  const edited = aGatePolicy({ rollback: { alpha: 0.2 } });
  await expect(begin(project, { policy: edited })).rejects.toMatchObject({ message: expect.stringContaining("frozen") });

  const second = await begin(project, { policy: edited, candidate: OTHER.name, replace: { reason: "a better one" } });
  expect(await kindsOf(first.id)).toEqual(["started 25", "aborted 0"]);
  expect(await currentRollout(prisma, project)).toEqual(second);
  expect(await readRouting(prisma, project)).toMatchObject({ candidate: OTHER.name, weight: 25 });
});

test("of several rollouts that are started at the same time, only one begins", async () => {
  const project = await aProject();
  const tries = await Promise.allSettled(Array.from({ length: 4 }, () => begin(project)));
  expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
});

test("people pause, resume, promote, abort and try again, each on record", async () => {
  const project = await aProject();
  const { id } = await begin(project);
  expect(await act(id, "pause", 10)).toMatchObject({ phase: "paused", pausedBy: "person", reason: "bo: so it is" });
  await expect(act(id, "pause")).rejects.toMatchObject({ code: "conflict" });
  await expect(act(id, "approve")).rejects.toMatchObject({ code: "conflict" });
  const resumed = await act(id, "resume", 40);
  expect(resumed).toMatchObject({ phase: "running", stepStartedAt: "2026-11-27T12:30:00.000Z", pausedBy: null });
  expect(await act(id, "abort")).toMatchObject({ phase: "aborted" });
  expect(await readRouting(prisma, project)).toMatchObject({ stable: STABLE.name, candidate: null });

  const again = await act(id, "retry");
  expect(again).toMatchObject({ phase: "running", retryOf: id, step: 0 });
  expect(await kindsOf(id)).toEqual(["started 25", "paused 25", "resumed 25", "aborted 0", "retried 0"]);
  expect(await act(again.id, "promote")).toMatchObject({ phase: "promoted" });
  expect(await readRouting(prisma, project)).toMatchObject({ stable: CANDIDATE.name, candidate: null });
  await expect(act(again.id, "retry")).rejects.toMatchObject({ code: "conflict" });
  await expect(act(newId(), "pause")).rejects.toMatchObject({ code: "not_found" });
});

const VERDICT: LiveVerdict = {
  ...{ kind: "hold", grounds: "units_missing", reason: "Step 1 needs 12 more units of the candidate.", step: 0, isLastStep: false },
  ...{ blocks: 1, units: { candidate: 2, stable: 6 }, stepUnits: { candidate: 2, stable: 6 }, eHarm: 1, eHarmToRollBack: 20 },
  ...{ eSafeToPromote: 20, split: { wanted: 0.25, observed: 0.25, eValue: 1, isOk: true }, metrics: [] },
};
const BLOCK = { step: 0, share: 0.25, units: { candidate: 2, stable: 6 }, means: {}, counts: {} };
const FOUND = { at: NOW.toISOString(), waiting: 3, crossed: 0, ignored: 0, blocks: [BLOCK], verdict: VERDICT };

test("what was decided on an older page does nothing, and says what is so now", async () => {
  const { id } = await begin(await aProject());
  const promote = { act: "promote", reason: "so it is" } as const;
  const seen = { step: 0, phase: "running" } as const;
  await expect(actOnRollout(prisma, id, { ...promote, expected: { step: 1 } }, ADA)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("it runs at step 1"),
    hint: expect.stringContaining("You chose when it was at step 2."),
  });
  await act(id, "pause");
  await expect(actOnRollout(prisma, id, { ...promote, expected: seen }, ADA)).rejects.toThrow("it is paused at step 1");
  expect(await actOnRollout(prisma, id, { ...promote, expected: { step: 0, phase: "paused" } }, ADA)).toMatchObject({ phase: "promoted" });
});

test("a step that waits for approval and ran out of time is resumed, or approved; one that is done is approved alone", async () => {
  const steps = [{ setWeight: 25, minUnits: 20, maxDuration: "5m", approve: true }];
  for (const [waitsFor, verb, becomes] of [
    ["time", "resume", "running"],
    ["time", "approve", "running"],
    ["approval", "approve", "running"],
    ["approval", "resume", "conflict"],
  ] as const) {
    const { id } = await begin(await aProject(), { policy: aGatePolicy({ steps }) });
    const record = await readRolloutRecord(prisma, id);
    const paused = await recordLook(prisma, record, { ...FOUND, move: { kind: "pause", reason: "why", waitsFor } }, NOW);
    expect(paused).toMatchObject({ phase: "paused", pausedFor: waitsFor });
    expect(await act(id, verb).catch(({ code }: { code: string }) => ({ phase: code }))).toMatchObject({ phase: becomes });
  }
});

test("of two gates that look at the same time, only one is recorded", async () => {
  const { id } = await begin(await aProject());
  const record = await readRolloutRecord(prisma, id);
  const found = { ...FOUND, move: { kind: "step", reason: "so many" } as const };
  const heard = (await Promise.all([recordLook(prisma, record, found, NOW), recordLook(prisma, record, found, NOW)])).filter(
    (one) => one !== null,
  );
  expect(heard).toMatchObject([{ step: 1 }]);
  const after = await readRolloutRecord(prisma, id);
  expect(after).toMatchObject({ looks: 1, last: { number: 1, kind: "stepped", actor: GATE_ACTOR, weight: 50 }, lastVerdict: VERDICT });
  expect(after.blocks).toEqual([{ rollout: id, number: 0, look: 0, block: BLOCK }]);
  expect(after.weights.map(({ step, weight }) => [step, weight])).toEqual([
    [0, 25],
    [1, 50],
  ]);
});

test("a look by what was so before somebody acted is not taken", async () => {
  const { id } = await begin(await aProject());
  const record = await readRolloutRecord(prisma, id);
  await act(id, "abort");
  expect(await recordLook(prisma, record, { ...FOUND, move: null }, NOW)).toBeNull();
  expect((await readRolloutRecord(prisma, id)).blocks).toEqual([]);
});

test("a rollout whose policy counts users draws users, until it is over", async () => {
  const project = await aProject();
  const policy = aGatePolicy();
  const { id } = await begin(project, { policy: { ...policy, spec: { ...policy.spec, unit: "user" } } });
  expect(await readRouting(prisma, project)).toMatchObject({ candidate: CANDIDATE.name, unit: "user" });
  await act(id, "abort");
  expect(await readRouting(prisma, project)).toMatchObject({ candidate: null, unit: "session" });
});

test("a routing that somebody changed behind the rollout's back is set right", async () => {
  const project = await aProject();
  const rollout = await begin(project);
  expect(await keepRouting(prisma, rollout, NOW)).toBe(false);
  await prisma.$executeRaw`UPDATE routing SET weight = 80 WHERE project = ${project}`;
  expect(await keepRouting(prisma, rollout, NOW)).toBe(true);
  expect(await readRouting(prisma, project)).toMatchObject({ weight: 25 });
});

test("a log cannot be changed, and a policy that was changed is noticed", async () => {
  const project = await aProject();
  const { id } = await begin(project);
  await expect(prisma.$executeRaw`UPDATE rollout_entry SET reason = 'x' WHERE rollout_id = ${id}::uuid`).rejects.toThrow("append-only");
  await expect(prisma.$executeRaw`DELETE FROM rollout WHERE id = ${id}::uuid`).rejects.toThrow("append-only");
  const policy = JSON.stringify(aGatePolicy({ rollback: { alpha: 0.4 } }));
  await prisma.$executeRaw`UPDATE rollout SET policy = ${policy}::json WHERE id = ${id}::uuid`;
  const { policyFault } = await readRolloutRecord(prisma, id);
  expect(policyFault).toContain("not the one that it began with");
  expect((await listRollouts(prisma, { project, limit: 1 })).rollouts).toMatchObject([{ id }]);
  expect(await act(id, "abort")).toMatchObject({ phase: "aborted" });
});

test("a policy that was frozen before a default came is still the one that was frozen", async () => {
  const { id } = await begin(await aProject());
  const { control: _, ...canary } = aGatePolicy().spec.canary ?? {};
  const policy = { ...aGatePolicy(), spec: { ...aGatePolicy().spec, canary } };
  await prisma.$executeRaw`UPDATE rollout SET policy = ${JSON.stringify(policy)}::json, policy_hash = ${policyHash(policy)} WHERE id = ${id}::uuid`;
  expect((await readRolloutRecord(prisma, id)).policyFault).toBeNull();
});

test("what somebody does while a record is read is not half in it, and the look by it is not taken", async () => {
  const { id } = await begin(await aProject());
  let isActed = false;
  const interrupted = prisma.$extends({
    query: {
      rolloutEntryRow: {
        async findMany({ args, query }) {
          if (!isActed) {
            isActed = true;
            await act(id, "abort");
          }
          return query(args);
        },
      },
    },
  }) as unknown as typeof prisma;
  const record = await readRolloutRecord(interrupted, id);
  expect(record).toMatchObject({ rollout: { phase: "running" }, last: { kind: "started" } });
  expect(await recordLook(prisma, record, { ...FOUND, move: { kind: "promote", reason: "safe" } }, NOW)).toBeNull();
  expect(await readRollout(prisma, id)).toMatchObject({ phase: "aborted" });
});

test("a project that is deleted takes its rollouts with it", async () => {
  const project = await aProject();
  const { id } = await begin(project);
  await deleteProject(prisma, project);
  await expect(readRolloutRecord(prisma, id)).rejects.toMatchObject({ code: "not_found" });
});
