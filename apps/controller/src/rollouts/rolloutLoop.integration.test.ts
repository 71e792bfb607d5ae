import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { readUnits } from "@signalbox/db/gateEvidence";
import {
  actOnRollout,
  changeRouting,
  createPrisma,
  createProject,
  deleteProject,
  endLookFailure,
  listBlocks,
  listLooks,
  listRolloutEntries,
  noteLookFailure,
  type PrismaClient,
  readRollout,
  readRolloutStanding,
  readRouting,
  registerAgentVersion,
  startRollout,
} from "@signalbox/db/prisma";
import { replayRollout } from "@signalbox/evals";
import { AppError, type GatePolicy, isUnderWay, isVerdictOfNow, newId, type RolloutEntry, stepOf, verifyEntries } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chanceOf, type Successes, scriptedTraffic } from "../testing/scriptedTraffic.ts";
import { type LookParts, lookAtRollout } from "./lookAtRollout.ts";
import { rolloutRound } from "./rolloutLoop.ts";
import { rolloutMetrics } from "./rolloutMetrics.ts";

const [STABLE, CANDIDATE] = [aVersion("1.0.0"), aVersion("1.1.0")];
/** Later than the store's own clock, which gives the time at which a weight takes effect; tasks come after that. */
const START = Date.parse("2100-11-27T12:00:00.000Z");
const MINUTE_MS = 60_000;
const MINUTES_MAX = 60;
const EQUAL: Successes = { stable: 0.9, candidate: 0.9 };
const WORSE: Successes = { stable: 0.9, candidate: 0.6 };
const log = pino({ level: "silent" });

let stores: TestStores;
let prisma: PrismaClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  for (const version of [STABLE, CANDIDATE]) await registerAgentVersion(prisma, version, { now: new Date(START), isServed: true });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** Starts a rollout in a project of its own. */
async function begin({ policy = aGatePolicy(), id = newId(), project = `p-${newId().slice(0, 8)}` } = {}) {
  const now = new Date(START);
  await createProject(prisma, { name: project, organisation: "o", environments: ["production"] }, now);
  await changeRouting(prisma, project, { stable: STABLE.name }, { actor: "ada", now });
  return startRollout(prisma, { project, policy, candidate: CANDIDATE.name }, { actor: "ada", now, id });
}

/** One round of a newly started controller, at a scripted time. */
function roundAt(nowMs: number, parts: Partial<LookParts> & Pick<LookParts, "readUnits">, registry = new Registry()): Promise<void> {
  const metrics = rolloutMetrics(registry);
  const readableUntilMs = async () => nowMs;
  return rolloutRound({
    prisma,
    now: async () => new Date(nowMs),
    clock: () => nowMs,
    readableUntilMs,
    log,
    pauseMs: 1,
    metrics,
    ...parts,
  })();
}

type Minute = (nowMs: number, readUnits: LookParts["readUnits"]) => Promise<void>;

/** Plays minutes of scripted traffic over a rollout until it ends, each followed by `minute`; returns its log. */
async function play(
  id: string,
  successes: Successes,
  minute: Minute = (nowMs, read) => roundAt(nowMs, { readUnits: read }),
): Promise<RolloutEntry[]> {
  const traffic = scriptedTraffic(START, successes);
  for (let passed = 0; passed < MINUTES_MAX; passed += 1) {
    const rollout = await readRollout(prisma, id);
    if (!isUnderWay(rollout)) break;
    traffic.pass(passed, { step: rollout.step, weight: stepOf(rollout).setWeight });
    await minute(START + (passed + 1) * MINUTE_MS, async ({ until }) => traffic.before(until.getTime()));
  }
  return listRolloutEntries(prisma, id, { rowsMax: 1_000 });
}

/** The log of a rollout, recomputed from its stored evidence. */
async function recomputed(id: string): Promise<RolloutEntry[]> {
  const entries = await listRolloutEntries(prisma, id, { rowsMax: 1_000 });
  const [rollout, looks, blocks] = await Promise.all([readRollout(prisma, id), listLooks(prisma, id), listBlocks(prisma, id)]);
  return replayRollout(rollout, { entries, looks, blocks });
}

const kindsOf = (entries: readonly RolloutEntry[]) =>
  entries.map(({ kind, weight }) => `${kind} ${weight}`).filter((text) => !text.startsWith("looked"));

test("an equal candidate goes from step to step and is promoted; monitoring and the record say so", async () => {
  const { id, project } = await begin();
  const registry = new Registry();
  const entries = await play(id, EQUAL, (nowMs, read) => roundAt(nowMs, { readUnits: read }, registry.clear() ?? registry));
  expect(kindsOf(entries)).toEqual(["started 25", "stepped 50", "promoted 100"]);
  expect(entries.at(-1)).toMatchObject({ actor: "gate", verdict: { kind: "promote", grounds: "shown_safe" } });
  expect(await readRouting(prisma, project)).toMatchObject({ stable: CANDIDATE.name, candidate: null });
  expect(verifyEntries(entries)).toEqual({ kind: "whole" });
  expect(await recomputed(id)).toEqual(entries);
  const metrics = await registry.metrics();
  const labels = `gate="shop-agent",project="${project}",candidate="${CANDIDATE.name}"`;
  expect(metrics).toContain(`signalbox_rollout_decision{${labels}} 1`);
  expect(metrics).toContain(`signalbox_rollout_weight_wanted{${labels}} 100`);
  expect(metrics).toContain(`signalbox_rollout_e_value{${labels},metric="task_success"}`);
});

test("a worse candidate is rolled back by evidence, and says what got worse", async () => {
  const { id, project } = await begin();
  const entries = await play(id, WORSE);
  expect(entries.at(-1)).toMatchObject({ kind: "rolledBack", weight: 0, verdict: { grounds: "evidence" } });
  expect(entries.at(-1)?.reason).toContain("task_success got worse");
  expect(await readRouting(prisma, project)).toMatchObject({ stable: STABLE.name, candidate: null, weight: 0 });
});

/** A client that may die at any of its writes, counted. */
function mortal(client: PrismaClient) {
  const WRITES = new Set(["create", "createMany", "update", "upsert", "$executeRaw"]);
  let left = Number.POSITIVE_INFINITY;
  let isDead = false;
  const extended = client.$extends({
    query: {
      $allOperations: ({ operation, args, query }) => {
        if (isDead || (WRITES.has(operation) && left-- <= 0)) {
          isDead = true;
          throw new Error("the controller was killed");
        }
        return query(args);
      },
    },
  }) as unknown as PrismaClient;
  return { prisma: extended, dieBefore: (write: number) => ([left, isDead] = [write, false]), isDead: () => isDead };
}

test("a controller killed before each of its writes, or run twice, writes the same log to the byte", async () => {
  const [id, project] = [newId(), "mortal"];
  const played = async (minute?: Minute): Promise<string> => {
    await begin({ id, project });
    const entries = await play(id, EQUAL, minute);
    expect(await recomputed(id)).toEqual(entries);
    await deleteProject(prisma, project);
    return JSON.stringify(entries);
  };
  const whole = await played();
  const client = mortal(prisma);
  let kills = 0;
  const killed = await played(async (nowMs, readUnits) => {
    for (let write = 0; ; write += 1) {
      client.dieBefore(write);
      await roundAt(nowMs, { readUnits, prisma: client.prisma });
      if (!client.isDead()) return;
      kills += 1;
    }
  });
  const both = await played(async (nowMs, readUnits) => {
    await Promise.all([roundAt(nowMs, { readUnits }), roundAt(nowMs, { readUnits })]);
  });
  expect(kills).toBeGreaterThan(20);
  expect(killed).toBe(whole);
  expect(both).toBe(whole);
});

test("duplicate, late and future events change nothing that was counted", async () => {
  const { id } = await begin();
  const { id: other } = await begin();
  const clean = await play(id, EQUAL);
  const dirty = await play(other, EQUAL, (nowMs, read) =>
    roundAt(nowMs, {
      readUnits: async (window, policy) => {
        const { exposures, events } = await read(window, policy);
        const future = exposures.map((one) => ({ ...one, unit: `${one.unit}-skewed`, at: nowMs + MINUTE_MS }));
        const late = exposures.map(({ unit, at }) => ({ kind: "dead", unit, at: at + 3 * MINUTE_MS }) as const);
        return { exposures: [...exposures, ...future, ...exposures], events: [...events, ...late, ...events] };
      },
    }),
  );
  const said = (entries: readonly RolloutEntry[]) => entries.map(({ at, kind, reason, verdict }) => ({ at, kind, reason, verdict }));
  expect(said(dirty)).toEqual(said(clean));
});

test("a clock that goes back turns nothing back", async () => {
  const { id } = await begin();
  let turn = 0;
  const entries = await play(id, EQUAL, (nowMs, readUnits) => {
    turn += 1;
    return roundAt(turn % 3 === 0 ? nowMs - 10 * MINUTE_MS : nowMs, { readUnits });
  });
  const times = entries.map(({ at }) => Date.parse(at));
  expect(times).toEqual([...times].sort((one, after) => one - after));
  expect(kindsOf(entries)).toEqual(["started 25", "stepped 50", "promoted 100"]);
});

const NOBODY: LookParts["readUnits"] = async () => ({ exposures: [], events: [] });
const afterMinutes = (minutes: number): number => START + minutes * MINUTE_MS;

test("without units a rollout holds, and waits for people when the step's time is over; they may extend it", async () => {
  const { id } = await begin();
  await roundAt(afterMinutes(1), { readUnits: NOBODY });
  await roundAt(afterMinutes(2), { readUnits: NOBODY });
  await roundAt(afterMinutes(121), { readUnits: NOBODY });
  await roundAt(afterMinutes(122), { readUnits: NOBODY });
  const entries = await listRolloutEntries(prisma, id, { rowsMax: 10 });
  expect(entries.map(({ kind, verdict }) => [kind, verdict?.grounds ?? null])).toEqual([
    ["started", null],
    ["looked", "no_units"],
    ["paused", "timeout"],
  ]);
  expect(await readRollout(prisma, id)).toMatchObject({ phase: "paused", pausedBy: "gate" });
  await actOnRollout(prisma, id, { act: "resume", reason: "traffic comes tonight" }, { actor: "bo", now: new Date(afterMinutes(130)) });
  await roundAt(afterMinutes(200), { readUnits: NOBODY });
  expect(await readRollout(prisma, id)).toMatchObject({ phase: "running" });
  expect(await recomputed(id)).toEqual(await listRolloutEntries(prisma, id, { rowsMax: 10 }));
  await actOnRollout(prisma, id, { act: "abort", reason: "no" }, { actor: "bo", now: new Date(afterMinutes(201)) });
});

test("a verdict is current again after the first look of a restarted step, even if it says nothing new", async () => {
  const { id, project } = await begin();
  await roundAt(afterMinutes(1), { readUnits: NOBODY });
  await actOnRollout(prisma, id, { act: "pause", reason: "lunch" }, { actor: "bo", now: new Date(afterMinutes(2)) });
  await actOnRollout(prisma, id, { act: "resume", reason: "back" }, { actor: "bo", now: new Date(afterMinutes(30)) });
  expect(isVerdictOfNow(await readRolloutStanding(prisma, id))).toBe(false);
  await roundAt(afterMinutes(31), { readUnits: NOBODY });
  const { verdict, ...standing } = await readRolloutStanding(prisma, id);
  expect([verdict?.grounds, standing.looks, isVerdictOfNow({ verdict, ...standing })]).toEqual(["no_units", 2, true]);
  expect(await recomputed(id)).toEqual(await listRolloutEntries(prisma, id, { rowsMax: 10 }));
  await deleteProject(prisma, project);
});

test("failing looks are reported and retried less and less often, and the step's time still ends", async () => {
  const steps = [{ setWeight: 10, minUnits: 20, maxDuration: "5m" }];
  const { id, gate, project, candidate } = await begin({ policy: aGatePolicy({ steps }) });
  const registry = new Registry();
  let [nowMs, tries, isAway] = [START, 0, true];
  const parts = { prisma, now: async () => new Date(nowMs), clock: () => nowMs, log, pauseMs: 1, metrics: rolloutMetrics(registry) };
  const round = rolloutRound({
    ...parts,
    readUnits: async ({ project: of }) => {
      if (of === project) tries += 1;
      if (isAway) throw new AppError("upstream_unavailable", "The telemetry store (ClickHouse) does not answer.");
      return { exposures: [], events: [] };
    },
  });
  for (let second = 0; second < 60; second += 1) {
    await round();
    nowMs += 1_000;
  }
  // At 0, 1, 3, 7, 15 and 31 seconds.
  expect(tries).toBe(6);
  const { failure } = await readRolloutStanding(prisma, id);
  expect(failure).toMatchObject({ since: new Date(START).toISOString(), times: 6, reason: expect.stringContaining("does not answer") });
  const labels = `gate="${gate}",project="${project}",candidate="${candidate}"`;
  expect(await registry.metrics()).toContain(`signalbox_rollout_looks_failing{${labels}} 6`);

  nowMs = afterMinutes(6);
  await round();
  expect(await readRolloutStanding(prisma, id)).toMatchObject({
    rollout: { phase: "paused", pausedFor: "time" },
    failure: { times: 7 },
    verdict: { grounds: "timeout" },
  });
  expect(await recomputed(id)).toEqual(await listRolloutEntries(prisma, id, { rowsMax: 10 }));

  [isAway, nowMs] = [false, afterMinutes(8)];
  await round();
  expect((await readRolloutStanding(prisma, id)).failure).toBeNull();
  expect(await registry.metrics()).toContain(`signalbox_rollout_looks_failing{${labels}} 0`);
  await actOnRollout(prisma, id, { act: "abort", reason: "no" }, { actor: "bo", now: new Date(nowMs) });
});

const AWAY = new AppError("upstream_unavailable", "The state store (PostgreSQL) does not answer.");

/** A client that cannot perform one operation. */
const without = (refused: { model: string; operation: string }): PrismaClient =>
  prisma.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) => {
        if (model === refused.model && operation === refused.operation) throw AWAY;
        return query(args);
      },
    },
  }) as unknown as PrismaClient;

test("an edited policy decides nothing, not even that a step's time is over", async () => {
  const { id, project, policy } = await begin({ policy: aGatePolicy({ steps: [{ setWeight: 10, minUnits: 20, maxDuration: "2h" }] }) });
  const edited = aGatePolicy({ steps: [{ setWeight: 10, minUnits: 20, maxDuration: "5m" }], onTimeout: "rollback" });
  await prisma.rolloutRow.update({ where: { id }, data: { policy: edited as object } });
  await roundAt(afterMinutes(6), { readUnits: NOBODY });
  expect(await readRolloutStanding(prisma, id)).toMatchObject({
    rollout: { phase: "running" },
    failure: { times: 1, reason: expect.stringContaining("is not the one that it began with") },
    looks: 0,
  });
  await prisma.rolloutRow.update({ where: { id }, data: { policy: policy as object } });
  await deleteProject(prisma, project);
});

test("a look that cannot be recorded counts as failed", async () => {
  const { id, project } = await begin();
  const readUnits = NOBODY;
  for (const minute of [1, 2])
    await roundAt(afterMinutes(minute), { readUnits, prisma: without({ model: "RolloutLookRow", operation: "create" }) });
  const since = new Date(afterMinutes(1)).toISOString();
  expect((await readRolloutStanding(prisma, id)).failure).toMatchObject({ since, times: 2 });
  await roundAt(afterMinutes(3), { readUnits });
  expect((await readRolloutStanding(prisma, id)).failure).toBeNull();
  await deleteProject(prisma, project);
});

test("a look that began before another failed does not clear the failure", async () => {
  const { id, project } = await begin();
  const noted = async (minute: number) => {
    const failure = await noteLookFailure(prisma, id, { at: new Date(afterMinutes(minute)).toISOString(), reason: "Away." });
    if (failure === null) throw new TypeError("it is under way");
    return failure;
  };
  const [read, later] = [await noted(1), await noted(2)];
  await endLookFailure(prisma, id, read);
  expect((await readRolloutStanding(prisma, id)).failure).toEqual(later);
  await endLookFailure(prisma, id, later);
  expect((await readRolloutStanding(prisma, id)).failure).toBeNull();
  await deleteProject(prisma, project);
});

test("monitoring works while the store is away, and reports no more looks once a rollout is over or deleted", async () => {
  const [over, gone] = [await begin(), await begin()];
  const registry = new Registry();
  let [nowMs, isAway] = [START, false];
  const client = prisma.$extends({
    query: {
      $allOperations: ({ args, query }) => {
        if (isAway) throw AWAY;
        return query(args);
      },
    },
  }) as unknown as PrismaClient;
  const round = rolloutRound({
    ...{ prisma: client, now: async () => new Date(nowMs), clock: () => nowMs, log, pauseMs: 1 },
    ...{ metrics: rolloutMetrics(registry), readUnits: NOBODY },
  });
  const told = async (of: string) =>
    (await registry.metrics()).split("\n").filter((line) => line.startsWith("signalbox_rollout_") && line.includes(`project="${of}"`));
  await round();
  [nowMs, isAway] = [afterMinutes(2), true];
  await expect(round()).rejects.toThrow("does not answer");
  nowMs += 1_000;
  await expect(round()).rejects.toThrow("does not answer");
  expect((await told(over.project)).find((line) => line.includes("looks_failing"))).toMatch(/ 2$/);

  await actOnRollout(prisma, over.id, { act: "abort", reason: "no" }, { actor: "bo", now: new Date(nowMs) });
  await deleteProject(prisma, gone.project);
  [nowMs, isAway] = [afterMinutes(4), false];
  await round();
  expect(await told(gone.project)).toEqual([]);
  const names = (await told(over.project)).map((line) => line.split("{")[0]);
  expect(names).toContain("signalbox_rollout_decision");
  expect(names.filter((name) => name?.includes("look"))).toEqual([]);
});

test("a policy may roll back a step that takes too long", async () => {
  const steps = [{ setWeight: 10, minUnits: 20, maxDuration: "5m" }];
  const { id } = await begin({ policy: aGatePolicy({ steps, onTimeout: "rollback" }) });
  await roundAt(afterMinutes(6), { readUnits: NOBODY });
  expect(await readRollout(prisma, id)).toMatchObject({ phase: "rolledBack", reason: expect.stringContaining("longer than the 5m") });
});

test("a step that needs approval waits for it, and harm is rolled back meanwhile", async () => {
  const steps = [
    { setWeight: 25, minUnits: 20, approve: true },
    { setWeight: 50, minUnits: 40 },
  ];
  const approved = await begin({ policy: aGatePolicy({ steps }) });
  const entries = await play(approved.id, EQUAL, async (nowMs, readUnits) => {
    await roundAt(nowMs, { readUnits });
    if ((await readRollout(prisma, approved.id)).pausedBy === "gate")
      await actOnRollout(prisma, approved.id, { act: "approve", reason: "looks good" }, { actor: "bo", now: new Date(nowMs + 1) });
  });
  expect(kindsOf(entries)).toEqual(["started 25", "paused 25", "approved 25", "stepped 50", "promoted 100"]);
  expect(await recomputed(approved.id)).toEqual(entries);

  const paused = await begin();
  await actOnRollout(prisma, paused.id, { act: "pause", reason: "lunch" }, { actor: "bo", now: new Date(START) });
  expect(kindsOf(await play(paused.id, WORSE))).toEqual(["started 25", "paused 25", "rolledBack 0"]);
});

/** Writes one minute of tasks into the state store, as gateways do; the candidate's are slow with probability `slowChance`. */
async function storeMinute(project: string, minute: number, weight: number, slowChance: number): Promise<void> {
  const data = Array.from({ length: 60 }, (_, index) => {
    const id = newId();
    const atMs = afterMinutes(minute) + index * 1_000;
    const isCandidate = chanceOf(`arm ${minute} ${index}`) < weight / 100;
    const isSlow = chanceOf(`slow ${minute} ${index}`) < (isCandidate ? slowChance : 0.05);
    return {
      ...{ id, project, name: "t", world: "w", status: "done", request: {}, requestHash: "h", hasExpectation: false, tags: [] },
      ...{ traceId: id.replaceAll("-", ""), headSeq: 0, headHash: "h", session: `s-${minute}-${index}`, unit: "session", bucket: 1 },
      ...{ variant: isCandidate ? "candidate" : "stable", version: isCandidate ? CANDIDATE.name : STABLE.name },
      ...{ createdAt: new Date(atMs), admittedAt: new Date(atMs), finishedUs: BigInt(atMs + (isSlow ? 9_000 : 1_000)) * 1_000n },
    };
  });
  await prisma.task.createMany({ data });
}

test("while telemetry lags behind, or its progress is unknown, no block closes that depends on it", async () => {
  const { id } = await begin();
  const traffic = scriptedTraffic(START, EQUAL);
  for (let passed = 0; passed < 10; passed += 1) traffic.pass(passed, { step: 0, weight: 25 });
  const nowMs = START + 20 * MINUTE_MS;
  const told: LookParts["readUnits"] = async ({ until }) => traffic.before(until.getTime());
  for (const readable of [START, null]) {
    await roundAt(nowMs, { readUnits: told, readableUntilMs: async () => readable });
    expect(await listBlocks(prisma, id)).toEqual([]);
  }
  expect((await readRolloutStanding(prisma, id)).failure).toMatchObject({ times: 1, reason: expect.stringContaining("collector") });
  await roundAt(nowMs, { readUnits: told });
  expect(await listBlocks(prisma, id)).not.toEqual([]);
});

test("the tasks in the stores decide: a slower version is rolled back, an equally fast one is promoted", async () => {
  const metrics = [
    { name: "latency_over_8s", role: "guardrail", kind: "binary", direction: "decrease", nonInferiorityMargin: 0.2 },
  ] as const;
  const read = (window: Parameters<LookParts["readUnits"]>[0], policy: GatePolicy) =>
    // This policy needs nothing from the other store.
    readUnits({ prisma, clickhouse: undefined as never }, window, policy);
  const ends = [];
  for (const slowChance of [0.4, 0.05]) {
    const { id, project } = await begin({ policy: aGatePolicy({ metrics: [...metrics] }) });
    for (let minute = 0; minute < MINUTES_MAX && isUnderWay(await readRollout(prisma, id)); minute += 1) {
      await storeMinute(project, minute, stepOf(await readRollout(prisma, id)).setWeight, slowChance);
      await roundAt(afterMinutes(minute + 1), { readUnits: read });
    }
    ends.push((await readRollout(prisma, id)).phase);
  }
  expect(ends).toEqual(["rolledBack", "promoted"]);
});

test("a project that is deleted takes its rollout with it, and the others are looked at all the same", async () => {
  const gone = await begin();
  const metrics = rolloutMetrics(new Registry());
  let looks = 0;
  const readNothing: LookParts["readUnits"] = async () => {
    looks += 1;
    return { exposures: [], events: [] };
  };
  let nowMs = START;
  const parts = { prisma, now: async () => new Date(nowMs), clock: () => nowMs, log, pauseMs: 1, metrics, readUnits: readNothing };
  const round = rolloutRound(parts);
  await round();
  await deleteProject(prisma, gone.project);
  const { project } = await begin();
  nowMs += MINUTE_MS;
  looks = 0;
  await round();
  expect(looks).toBeGreaterThan(0);
  await deleteProject(prisma, project);
});

test("after the store's clock went back, nothing after its current time is read or settled", async () => {
  const { id, project } = await begin();
  const untils: number[] = [];
  const now = START - MINUTE_MS;
  await lookAtRollout(
    {
      prisma,
      now: async () => new Date(now),
      readUnits: async ({ until }) => {
        untils.push(until.getTime());
        return { exposures: [], events: [] };
      },
    },
    id,
  );
  expect(untils).toEqual([now - 10_000]);
  await deleteProject(prisma, project);
});
