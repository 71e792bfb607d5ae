import { newId, ReplayPlan } from "@signalbox/model";
import { aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, aReport, storeDeadLetters } from "../../testing/index.ts";
import {
  cancelReplays,
  claimReplay,
  createPrisma,
  endReplay,
  extendReplay,
  failHopelessReplays,
  forecastReplays,
  keepReplays,
  listAudit,
  listBatchReplays,
  listGroupBatches,
  listReplays,
  noteModelUse,
  noteOutsideCall,
  type PrismaClient,
  pauseQueue,
  putBackReplay,
  type ReplayClaim,
  readReplay,
  readReplayBatch,
  readReplayEndings,
  registerAgentVersion,
  resumeQueue,
  startReplay,
  startReplays,
} from "../index.ts";

let stores: TestStores;
let prisma: PrismaClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const FAILED = { error: { code: "not_found", message: "gone" } };
const ASKED = { actor: "ada", reason: null, now: new Date("2026-11-27T12:00:00Z"), plan: ReplayPlan.parse({}) };
const EFFECTS = { ...ASKED, reason: "a try", plan: ReplayPlan.parse({ mode: "live", allowsEffects: true }) };

async function aDeadTask(): Promise<string> {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  return letter.taskId;
}

async function aReplay(build: string | null = null, order: typeof ASKED | typeof EFFECTS = ASKED): Promise<string> {
  const [id] = await keepReplays(prisma, "default", [{ taskId: await aDeadTask(), build }], { ...order, batch: null });
  return String(id);
}

const GROUP = { project: "default", fingerprint: "0123456789abcdef" };
const aBatch = (wanted: number) => ({ id: newId(), of: GROUP, wanted });

/** Lets the heartbeat of a replay's worker expire. */
async function lapse(id: string): Promise<void> {
  await prisma.$executeRaw`UPDATE replay SET claimed_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
}

const claim = (build = "b", isAlone = true) => claimReplay(prisma, { build, isAlone });

async function taken(): Promise<ReplayClaim> {
  const claimed = await claim();
  if (claimed === null || claimed === "suspect") throw new Error("nothing was claimed");
  return claimed;
}

test("what was asked for is kept with its plan, and is the task's", async () => {
  const taskId = await aDeadTask();
  const replay = await startReplay(prisma, "default", taskId, {
    ...ASKED,
    plan: ReplayPlan.parse({ tools: { think: [{ output: "no" }] } }),
  });
  expect(replay).toMatchObject({
    taskId,
    status: "pending",
    actor: "ada",
    plan: { mode: "recorded", tools: { think: [{ output: "no" }] } },
  });
  expect(await listReplays(prisma, { project: "default", taskId }, 10)).toEqual([replay]);
  expect(await readReplay(prisma, "default", replay.id)).toEqual({ ...replay, report: null });
  await expect(readReplay(prisma, "other", replay.id)).rejects.toMatchObject({ code: "not_found" });
  await endReplay(prisma, await taken(), FAILED, ASKED.now);
});

test("each replay is taken up by one worker, however many look at once, and only by one of its build", async () => {
  const id = await aReplay("b");
  expect(await claim("other")).toBeNull();
  const claims = (await Promise.all(Array.from({ length: 4 }, () => claim()))).filter((one) => one !== null);
  expect(claims).toMatchObject([{ id, attempt: 1 }]);
  for (const one of claims as ReplayClaim[]) expect(await endReplay(prisma, one, FAILED, ASKED.now)).toBe(true);
  expect(await readReplay(prisma, "default", id)).toMatchObject({ status: "failed", error: FAILED.error });
  expect(await claim()).toBeNull();
});

test("one whose worker is gone is taken up again by who is alone, and the first can end nothing any more", async () => {
  const id = await aReplay();
  const first = await taken();
  await lapse(id);
  expect(await claim("b", false)).toBe("suspect");
  const second = await taken();
  expect([first, second]).toMatchObject([
    { id, attempt: 1 },
    { id, attempt: 2 },
  ]);
  expect(await endReplay(prisma, first, FAILED, ASKED.now)).toBe(false);
  await lapse(id);
  expect(await extendReplay(prisma, first)).toBe(false);
  expect(await claim()).toMatchObject({ id, attempt: 3 });
});

test("a replay with which three workers died is ended, and what it wrote in its scratch overlays is deleted", async () => {
  const id = await aReplay();
  for (const attempt of [1, 2, 3]) {
    expect(await taken()).toMatchObject({ id, attempt });
    await lapse(id);
  }
  const scratch = { world: "demo", overlay: `replay:${id}:2`, domain: "airline", idempotencyKey: "k", call: {}, answer: {} };
  const { task } = await prisma.replayRow.findUniqueOrThrow({ where: { id }, include: { task: { select: { world: true } } } });
  await prisma.toolEffect.create({ data: { ...scratch, world: task.world } });
  expect(await claim()).toBeNull();
  await failHopelessReplays(prisma);
  expect(await readReplay(prisma, "default", id)).toMatchObject({
    status: "failed",
    error: { message: "3 workers died while they had it in hand." },
  });
  expect(await prisma.toolEffect.count({ where: { overlay: scratch.overlay } })).toBe(0);
});

test("who says that it works keeps its replay; one that was put back waits, and that is no death", async () => {
  const id = await aReplay();
  const claimed = await taken();
  await lapse(id);
  expect(await extendReplay(prisma, claimed)).toBe(true);
  expect(await claim()).toBeNull();
  await putBackReplay(prisma, claimed, 60_000);
  expect(await claim()).toBeNull();
  await prisma.$executeRaw`UPDATE replay SET not_before = now() WHERE id = ${id}::uuid`;
  const again = await claimReplay(prisma, { build: "b", isAlone: false });
  expect(again).toMatchObject({ id, attempt: 2 });
  await endReplay(prisma, again as ReplayClaim, FAILED, ASKED.now);
});

test("what models took is on record as they answer, and stays however the replay ends", async () => {
  const id = await aReplay();
  const claimed = await taken();
  const call = {
    ...{ model: "m", finishReason: "stop", cachedTokens: 0, reasoningTokens: 0, isEstimate: false, costUsd: 0.25, toolsHash: "t" },
    ...{ prompt: { name: "p", version: "1", hash: "h" }, requestHash: "r", isReplayed: false },
  };
  const use = { provider: "stub", model: "m", inputTokens: 100, outputTokens: 20 };
  await noteModelUse(prisma, claimed, { ...use, call });
  await noteModelUse(prisma, claimed, { ...use, call: { ...call, costUsd: null } });
  await noteModelUse(prisma, claimed, { ...use, call: null });
  await endReplay(prisma, claimed, FAILED, ASKED.now);
  expect(await readReplay(prisma, "default", id)).toMatchObject({ status: "failed", report: null, costUsd: 0.25, tokens: 240 });
});

test("a batch is counted as it goes, and what is left of it can be cancelled", async () => {
  const ofBatch = aBatch(3);
  const batchId = ofBatch.id;
  const tasks = [await aDeadTask(), await aDeadTask(), await aDeadTask()].map((taskId) => ({ taskId, build: "batch" }));
  await keepReplays(prisma, "default", tasks, { ...ASKED, batch: ofBatch });
  const one = (await claim("batch")) as ReplayClaim;
  await endReplay(prisma, one, FAILED, ASKED.now);
  const counts = { identical: 0, diverged: 0, ends_otherwise: 0, stopped: 0, failed: 1, running: 0 };
  const batch = {
    ...{ id: batchId, project: "default", origin: { fingerprint: GROUP.fingerprint }, plan: ASKED.plan, actor: "ada" },
    ...{ createdAt: ASKED.now.toISOString(), wanted: 3, replays: 3 },
  };
  expect(await readReplayBatch(prisma, "default", batchId)).toEqual({ ...batch, counts: { ...counts, pending: 2, cancelled: 0 } });
  await expect(readReplayBatch(prisma, "other", batchId)).rejects.toMatchObject({ code: "not_found" });
  expect(await listGroupBatches(prisma, "default", "0123456789abcdef", 1)).toMatchObject([{ id: batchId }]);
  const page = (after: string | null, share: "failed" | null = null) =>
    listBatchReplays(prisma, { project: "default", batchId, share, after, rowsMax: 2 });
  const { replays, next } = await page(null);
  expect([replays.length, (await page(next)).replays.length, (await page(null, "failed")).replays.length]).toEqual([2, 1, 1]);
  const inHand = (await claim("batch")) as ReplayClaim;
  const cancel = (project: string) => cancelReplays(prisma, { project, id: batchId, actor: "bo", reason: "too dear", now: ASKED.now });
  await expect(cancel("other")).rejects.toMatchObject({ code: "not_found" });
  expect(await cancel("default")).toBe(2);
  await expect(cancel("default")).rejects.toMatchObject({ code: "conflict" });
  expect(await readReplayBatch(prisma, "default", batchId)).toEqual({ ...batch, counts: { ...counts, pending: 0, cancelled: 2 } });
  expect(await extendReplay(prisma, inHand)).toBe(false);
  expect(await readReplay(prisma, "default", inHand.id)).toMatchObject({
    status: "cancelled",
    error: { message: "bo cancelled it: too dear" },
  });
});

test("a batch says what it was asked of, and how many of its replays are left", async () => {
  const [kept, gone] = [await aDeadTask(), await aDeadTask()];
  const time = { project: "default", since: new Date("2026-11-24T00:00:00Z"), until: new Date("2026-11-25T00:00:00Z") };
  const id = await startReplays(prisma, time, [kept, gone], ASKED);
  await prisma.replayRow.deleteMany({ where: { batchId: id, taskId: gone } });
  const origin = { since: "2026-11-24T00:00:00.000Z", until: "2026-11-25T00:00:00.000Z" };
  expect(await readReplayBatch(prisma, "default", id)).toMatchObject({ origin, wanted: 2, replays: 1, counts: { pending: 1, stopped: 0 } });
  expect(await listGroupBatches(prisma, "default", GROUP.fingerprint, 100)).not.toContainEqual(expect.objectContaining({ id }));
  await prisma.replayRow.deleteMany({ where: { batchId: id } });
  expect(await readReplayBatch(prisma, "default", id)).toMatchObject({ wanted: 2, replays: 0, counts: { pending: 0, stopped: 0 } });
});

test("of a batch, those that were stopped before the end of their task are counted apart", async () => {
  const batch = aBatch(2);
  const batchId = batch.id;
  const tasks = [await aDeadTask(), await aDeadTask()].map((taskId) => ({ taskId, build: "stops" }));
  await keepReplays(prisma, "default", tasks, { ...ASKED, batch });
  for (const outcomeChanged of [null, true]) {
    const replay = (await claim("stops")) as ReplayClaim;
    const report = { ...aReport(replay.taskId, { recorded: [], replayed: [], partsAt: 1 }), outcomeChanged };
    await endReplay(prisma, replay, { report }, ASKED.now);
  }
  const { counts } = await readReplayBatch(prisma, "default", batchId);
  expect(counts).toMatchObject({ stopped: 1, ends_otherwise: 1, diverged: 0 });
  const page = await listBatchReplays(prisma, { project: "default", batchId, share: "stopped", after: null, rowsMax: 9 });
  expect(page.replays).toMatchObject([{ outcome: "diverged", outcomeChanged: null }]);
});

test("one that was asked for alone goes before a batch that waits", async () => {
  const batch = aBatch(1);
  await keepReplays(prisma, "default", [{ taskId: await aDeadTask(), build: "alone" }], { ...ASKED, batch });
  const id = await aReplay("alone");
  await prisma.$executeRaw`UPDATE replay SET created_at = created_at + interval '1 hour' WHERE id = ${id}::uuid`;
  expect(await claim("alone")).toMatchObject({ id });
  await cancelReplays(prisma, { project: "default", id: batch.id, actor: "bo", reason: "enough", now: ASKED.now });
});

test("one that has effects outside is on record with its reason and each call, and is not begun anew once it called", async () => {
  await expect(aReplay(null, { ...EFFECTS, reason: null } as never)).rejects.toMatchObject({ code: "invalid_input" });
  const id = await aReplay(null, EFFECTS);
  const claimed = await taken();
  await noteOutsideCall(prisma, claimed, { tool: "crm.note", step: 4 });
  const acts = await listAudit(prisma, { project: "default", subject: claimed.taskId, rowsMax: 9 });
  expect(acts).toHaveLength(2);
  expect(acts.find(({ act }) => act === "replay_asked")).toMatchObject({ reason: "a try", detail: { replays: 1, mode: "live" } });
  expect(acts.find(({ act }) => act === "replay_effect")).toMatchObject({
    actor: "ada",
    detail: { replay: id, step: 4, tool: "crm.note" },
  });
  await putBackReplay(prisma, claimed, 0);
  await expect(noteOutsideCall(prisma, claimed, { tool: "crm.note", step: 5 })).rejects.toMatchObject({ code: "conflict" });
  expect(await claim()).toBeNull();
  await failHopelessReplays(prisma);
  expect(await readReplay(prisma, "default", id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("not begun again") },
  });
});

test("a live one waits while its queue is paused, and what waits for a build long gone fails", async () => {
  const live = { ...ASKED, plan: ReplayPlan.parse({ mode: "live" }) };
  const act = { project: "default", actor: "ada", reason: "the airline is down", now: ASKED.now };
  await pauseQueue(prisma, act);
  const id = await aReplay(null, live);
  expect(await claim()).toBeNull();
  await resumeQueue(prisma, act);
  const claimed = await taken();
  expect(claimed.id).toBe(id);
  await endReplay(prisma, claimed, FAILED, ASKED.now);

  const orphan = await aReplay("gone", live);
  await prisma.$executeRaw`UPDATE replay SET created_at = now() WHERE id = ${orphan}::uuid`;
  await failHopelessReplays(prisma);
  expect(await readReplay(prisma, "default", orphan)).toMatchObject({ status: "pending" });
  await prisma.$executeRaw`UPDATE replay SET created_at = now() - interval '2 hours' WHERE id = ${orphan}::uuid`;
  await failHopelessReplays(prisma);
  expect(await readReplay(prisma, "default", orphan)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("(gone)") },
  });
});

test("a live replay needs a worker of its version", async () => {
  const taskId = await aDeadTask();
  const live = (against: string | null) => ({ ...ASKED, plan: ReplayPlan.parse({ mode: "live", against }) });
  await expect(startReplay(prisma, "default", taskId, live("9.9.9+00000000"))).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("9.9.9+00000000"),
  });
  const message = expect.stringContaining("9.9.9+00000000");
  expect(await forecastReplays(prisma, "default", [taskId, newId()], live("9.9.9+00000000"))).toMatchObject({
    ...{ tasks: 1, replayable: 0, refused: [{ message, tasks: 1 }] },
  });
  const batchId = await startReplays(prisma, GROUP, [taskId], live("9.9.9+00000000"));
  expect(await listReplays(prisma, { batchId }, 10)).toMatchObject([{ taskId, status: "failed", error: { code: "not_found", message } }]);
  expect(await readReplayEndings(prisma, batchId)).toEqual(new Map());
  await expect(startReplay(prisma, "default", newId(), live(null))).rejects.toMatchObject({ code: "not_found" });
});

test("of two codes side by side, a recorded replay is for a build that has the task's", async () => {
  const taskId = await aDeadTask();
  const [ours, other] = [aVersion("1.0.0"), aVersion("1.1.0")];
  const start = async (against: string | null) => {
    const { id } = await startReplay(prisma, "default", taskId, { ...ASKED, plan: ReplayPlan.parse({ against }) });
    return (await prisma.replayRow.findUniqueOrThrow({ where: { id } })).build;
  };
  const served = { attempt: 1, run: 1, worker: "w", version: ours.name, startedAt: ASKED.now, outcome: "failed" };
  await prisma.attempt.create({ data: { taskId, ...served } });
  await registerAgentVersion(prisma, ours, { now: ASKED.now, isServed: true });
  expect(await start(null)).toBeNull();
  await registerAgentVersion(prisma, other, { now: ASKED.now, isServed: true });
  expect([await start(null), await start("1.1.0"), await start(other.name)]).toEqual([ours.build, other.build, other.build]);
});
