import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import {
  actOnRollout,
  changeRouting,
  createPrisma,
  createProject,
  listAudit,
  readRolloutRecord,
  recordLook,
  registerAgentVersion,
  startRollout,
} from "@signalbox/db/prisma";
import { latestVerdict, nextMove, unitBlocks } from "@signalbox/evals";
import { type Block, canaryOf, newId, type Rollout, type UnitEvent } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import type { Context } from "../context.ts";

const [STABLE, CANDIDATE] = [aVersion("1.0.0"), aVersion("1.1.0")];
const NOW = new Date("2026-11-27T12:00:00.000Z");
const ADA = { actor: "ada", now: NOW };
const BLOCK: Block = { step: 0, share: 0.25, units: { candidate: 2, stable: 6 }, means: {}, counts: {} };
const NOBODY = "0192f0c1-2345-7abc-8def-0123456789ab";

let stores: TestStores;
let context: Context;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  const state = createPrisma(stores.databaseUrl);
  context = { state, bulk: state } as unknown as Context;
  for (const version of [STABLE, CANDIDATE]) await registerAgentVersion(state, version, { now: NOW, isServed: true });
});
afterAll(async () => {
  await context?.state.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const rollouts = () => createCaller(context).rollouts;

/** A rollout of a new project that was looked at once, with one block. */
async function begin(project: string, block: Block = BLOCK): Promise<Rollout> {
  const { state } = context;
  await createProject(state, { name: project, organisation: "o", environments: ["production"] }, NOW);
  await changeRouting(state, project, { stable: STABLE.name }, ADA);
  const { id } = await startRollout(state, { project, policy: aGatePolicy(), candidate: CANDIDATE.name }, ADA);
  const record = await readRolloutRecord(state, id);
  const at = "2026-11-27T12:01:00.000Z";
  const verdict = latestVerdict(record.rollout, [block], Date.parse(at));
  const found = { at, blocks: [block], verdict, move: nextMove(record.rollout, verdict, null), waiting: 0, crossed: 0, ignored: 0 };
  await recordLook(state, record, found, NOW);
  return record.rollout;
}

test("rollouts are listed by project and phase, page by page", async () => {
  const [one, other] = [await begin("one"), await begin("other")];
  await rollouts().act({ id: other.id, act: "abort", reason: "no" });
  expect((await rollouts().list({ project: "one" })).rollouts.map(({ id }) => id)).toEqual([one.id]);
  expect((await rollouts().list({ project: "one" })).rollouts).toMatchObject([{ units: { candidate: 2, stable: 6 } }]);
  expect((await rollouts().list({ phase: "aborted" })).rollouts.map(({ id }) => id)).toEqual([other.id]);
  const first = await rollouts().list({ limit: 1 });
  const second = await rollouts().list({ limit: 1, cursor: first.next });
  expect([first, second].flatMap((page) => page.rollouts.map(({ id }) => id)).sort()).toEqual([one.id, other.id].sort());
  expect(second.next).toBeNull();
});

test("a page of a log goes on where the one before it ended, and evidence is told look by look", async () => {
  const { id } = await begin("log");
  const first = await rollouts().entries({ id, limit: 1 });
  expect([first.entries.map(({ kind }) => kind), first.next]).toEqual([["started"], 0]);
  expect(await rollouts().entries({ id, after: first.next ?? -1 })).toMatchObject({ entries: [{ kind: "looked" }], next: null });
  expect(await rollouts().evidence({ id })).toMatchObject({ points: [{ look: 0, units: 2 }], eHarmToRollBack: expect.any(Number) });
  expect(await rollouts().byId({ id })).toMatchObject({ verdict: { blocks: 1 }, failure: null, waitsFor: null, events: [] });
  for (const ask of [rollouts().entries({ id: NOBODY }), rollouts().evidence({ id: NOBODY }), rollouts().byId({ id: NOBODY })])
    await expect(ask).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what a delivery tool told is shown with the rollout that it was received during, whatever time the tool says", async () => {
  const { id, project, gate } = await begin("told");
  const at = "2026-11-27T11:59:00.000Z";
  const told = (message: string, receivedAt: string) => {
    const event = { project, gate, source: "flagger", subject: "shop", kind: "Normal", message, at: new Date(at) };
    return context.state.deliveryEventRow.create({ data: { ...event, id: newId(), receivedAt: new Date(receivedAt) } });
  };
  await actOnRollout(context.state, id, { act: "abort", reason: "no" }, { actor: "ada", now: new Date("2026-11-27T12:02:00.000Z") });
  const retried = { actor: "ada", now: new Date("2026-11-27T12:04:00.000Z") };
  const next = await actOnRollout(context.state, id, { act: "retry", reason: "again" }, retried);
  await told("Halted.", "2026-11-27T12:03:00.000Z");
  await told("Begun anew.", "2026-11-27T12:05:00.000Z");
  const shown = async (of: string) => (await rollouts().byId({ id: of })).events.map(({ message }) => message);
  expect([await shown(id), await shown(next.id)]).toEqual([["Halted."], ["Begun anew."]]);
  expect((await rollouts().byId({ id })).events).toMatchObject([{ at, receivedAt: "2026-11-27T12:03:00.000Z" }]);
});

test("an act is done once, as whom this process runs, and what was decided on an older page is refused", async () => {
  const { id, project } = await begin("acts");
  const seen = { step: 0, phase: "running" } as const;
  expect(await rollouts().act({ id, act: "pause", reason: "lunch", expected: seen })).toMatchObject({
    phase: "paused",
    pausedFor: "person",
  });
  expect((await rollouts().byId({ id })).waitsFor).toContain("resume lets it go on");
  await expect(rollouts().act({ id, act: "promote", reason: "sure", expected: seen })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(rollouts().act({ id, act: "pause", reason: " " })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  const [newest] = await listAudit(context.state, { project, rowsMax: 1 });
  expect(newest).toMatchObject({ act: "rollout_paused", reason: "lunch", actor: expect.not.stringMatching(/^(ada)?$/) });
});

test("the units that counted against a candidate are named by what they were drawn by, the newest first", async () => {
  const since = Date.parse("2026-11-27T11:59:40.000Z");
  const arms = ["candidate", "candidate", "stable", "stable", "stable", "stable", "stable", "stable"] as const;
  const names = ["session:s: 1", "task:t-1", ...Array.from({ length: 6 }, (_, index) => `session:stable-${index}`)];
  const exposures = arms.map((arm, index) => ({ unit: names[index] ?? "", arm, step: 0, share: 0.25, at: since + index }));
  const canary = canaryOf({ policy: aGatePolicy() });
  const [metric = ""] = canary.metrics.filter(({ kind }) => kind === "binary").map(({ name }) => name);
  let events: UnitEvent[] = names.slice(2).map((unit) => ({ kind: "value", unit, metric, value: 1, at: since + 10 }));
  const now = Date.parse("2026-11-27T12:00:50.000Z");
  const { id } = await begin("against", unitBlocks(exposures, events, canary, now).blocks[0]);
  const asked: unknown[] = [];
  const gateUnits: Context["gateUnits"] = async (window) => {
    asked.push(window);
    return { exposures, events };
  };
  const caller = createCaller({ ...context, gateUnits }).rollouts;
  const found = await caller.countedAgainst({ id, metric });
  expect(asked).toMatchObject([{ project: "against", stable: STABLE.name, candidate: CANDIDATE.name, until: new Date(now) }]);
  expect(found).toEqual({
    ...{ metric, isOnRecord: true, units: 2, against: 2 },
    newest: [
      { kind: "task", id: "t-1", at: "2026-11-27T11:59:40.001Z", because: "untold" },
      { kind: "session", id: "s: 1", at: "2026-11-27T11:59:40.000Z", because: "untold" },
    ],
  });
  events = events.slice(1);
  expect(await caller.countedAgainst({ id, metric })).toEqual({ metric, isOnRecord: false, units: 0, against: 0, newest: [] });
  await expect(caller.countedAgainst({ id, metric: "speed" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
