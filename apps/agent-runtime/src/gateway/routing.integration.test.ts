import {
  changeRouting,
  clearRouting,
  createProject,
  listAgentVersions,
  listDeadLetters,
  listDecisions,
  listExposures,
  listRoutingChanges,
  listUnfinishedTasks,
  registerAgentVersion,
} from "@signalbox/db/prisma";
import type { Listener } from "@signalbox/listener";
import { agentVersionOf, newId, Task, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dateOfUs, systemClock } from "../clock.ts";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { redriveTask } from "../testing/redriveTask.ts";
import { aGateway, aRequest, aRunner, OWN, openStage, type Stage } from "../testing/stage.ts";
import { postTask } from "../testing/testRuntime.ts";
import { runTask } from "../worker/runTask.ts";
import { openUnserved } from "../worker/unserved.ts";
import { openGateway } from "./gateway.ts";
import { openRouting } from "./routing.ts";

const LOG = pino({ level: "silent" });
const STABLE = OWN;
const CANDIDATE = agentVersionOf({ ...OWN.manifest, planner: "person" });
const ELSEWHERE = agentVersionOf({ ...OWN.manifest, code: "9.0.0" });
const ACTOR = { actor: "a test", now: new Date() };

let stage: Stage;
let queue: TaskQueue;
let gateway: Listener;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, LOG);
  const now = new Date();
  await registerAgentVersion(stage.prisma, STABLE, { now, isServed: true });
  await serveStable();
  await registerAgentVersion(stage.prisma, CANDIDATE, { now, isServed: false });
  await registerAgentVersion(stage.prisma, ELSEWHERE, { now, isServed: false });
  gateway = await openGateway(aGateway(stage, queue));
});
afterAll(async () => {
  await gateway.close();
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

/** Registers a worker of the stable version that counts as alive for longer than any of these tests takes. */
const serveStable = () => registerAgentVersion(stage.prisma, STABLE, { now: new Date(Date.now() + 3_600_000), isServed: true });

/** A project with a candidate that has the given weight in percent. */
async function aProject(weight: number, candidate = CANDIDATE.name): Promise<string> {
  const name = `p-${newId()}`;
  await createProject(stage.prisma, { name, organisation: "default", environments: ["production"] }, new Date());
  await changeRouting(stage.prisma, name, { stable: STABLE.name, candidate, weight }, ACTOR);
  return name;
}

/** Admits a task as a gateway that has just read the routing. */
async function post(request: Parameters<typeof aRequest>[0]) {
  await using fresh = await freshGateway();
  const { planner: _, ...body } = aRequest(request);
  const { status, body: answer } = await postTask(fresh.url, body);
  return { status, body: answer };
}

async function freshGateway() {
  const opened = await openGateway(aGateway(stage, queue));
  return { url: opened.url, [Symbol.asyncDispose]: opened.close };
}

test("a session stays with the candidate when its weight grows, and exposure is on record before the agent runs", async () => {
  const project = await aProject(30);
  const sessions = Array.from({ length: 200 }, (_, index) => `s${index}`);
  const candidatesNow = async () => {
    const { assign } = openRouting(stage.prisma, Date.now, LOG);
    const assigned = await Promise.all(sessions.map((session) => assign({ ...aRequest({ project, session }), id: newId() })));
    return sessions.filter((_session, index) => assigned[index]?.variant === "candidate");
  };
  const before = await candidatesNow();
  await changeRouting(stage.prisma, project, { weight: 70 }, ACTOR);
  const after = await candidatesNow();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after.length).toBeGreaterThan(before.length);

  for (let task = 0; task < 2; task += 1) await post({ project, session: String(before[0]) });
  expect(await listExposures(stage.prisma, project, new Date(0))).toEqual([
    { version: CANDIDATE.name, variant: "candidate", tasks: 2, units: 1, queued: 2 },
  ]);
});

test("the version decides who plans and is named by what the worker writes", async () => {
  const project = await aProject(100);
  const task = Task.parse((await post({ project, session: "s" })).body);
  expect(task).toMatchObject({ version: CANDIDATE.name, variant: "candidate" });
  expect((await runTask(aRunner(stage.prisma), task.id)).outcome).toBe("done");
  expect(await stage.prisma.task.findUnique({ where: { id: task.id } })).toMatchObject({ unit: "session", weight: 100 });
  const decisions = await listDecisions(stage.prisma, task.id);
  expect(decisions[0]).toMatchObject({
    kind: "routed",
    chosen: "person",
    detail: { version: CANDIDATE.name, variant: "candidate", unit: "session", bucket: expect.any(Number) },
  });
  expect(new Set(decisions.slice(1).map(({ actor }) => actor.version))).toEqual(new Set([CANDIDATE.name]));
});

test("a task for a version without a worker is marked as waiting, and no other worker takes it", async () => {
  const { status, body } = await post({ version: ELSEWHERE.name });
  expect(status).toBe(201);
  const { id } = Task.parse(body);
  const [routed] = await listDecisions(stage.prisma, id);
  expect(routed?.reason).toContain("No worker of it is there now: the task waits for one.");
  expect(routed?.detail).toMatchObject({ version: ELSEWHERE.name, variant: "named", isWaiting: true });
  expect((await runTask(aRunner(stage.prisma), id)).outcome).toBe("idle");
  const scale = await (await fetch(`${gateway.url}/scale`)).json();
  expect(scale).toMatchObject({
    unserved: [{ version: ELSEWHERE.name, build: ELSEWHERE.build, waiting: 1, waitingSince: expect.any(String) }],
  });
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain(`signalbox_gateway_unserved_tasks{version="${ELSEWHERE.name}"} 1`);
  expect((await runTask(aRunner(stage.prisma, { version: ELSEWHERE }), id)).outcome).not.toBe("idle");
});

/** A worker two hours later, after the existing workers have reported in; `waitMs` advances its clock. */
async function openLater(limitMs: number) {
  let nowUs = systemClock.nowUs() + 7_200_000_000;
  const clock = { nowUs: () => nowUs };
  await registerAgentVersion(stage.prisma, STABLE, { now: dateOfUs(nowUs), isServed: true });
  const open = (prisma = stage.prisma) => openUnserved(aRunner(stage.prisma, { clock, prisma }), limitMs);
  return {
    clock,
    open,
    waitMs: (ms: number) => {
      nowUs += ms * 1_000;
    },
  };
}

const LIMIT_MS = 3_600_000;
const statusOf = async (id: string) => (await stage.prisma.task.findUnique({ where: { id } }))?.status;

test("a task whose version is unserved for too long becomes a dead letter, and one that is redriven waits anew", async () => {
  const { id } = Task.parse((await post({ version: ELSEWHERE.name })).body);
  const served = Task.parse((await post({ version: STABLE.name })).body);
  const later = await openLater(LIMIT_MS);
  const giveUpUnserved = later.open();
  // Before this worker started nobody could be seen to serve: others may report in at any moment.
  expect(await giveUpUnserved()).toBe(0);
  later.waitMs(WORKER_GONE_AFTER_MS);
  expect(await giveUpUnserved()).toBeGreaterThanOrEqual(1);
  const [letter] = await listDeadLetters(stage.prisma, id);
  expect(letter).toMatchObject({
    ...{ cause: "unserved", errorClass: "unserved", versions: [ELSEWHERE.name] },
    message: `No worker of version ${ELSEWHERE.name} was there for 3600 s.`,
  });
  expect(await statusOf(served.id)).toBe("queued");
  expect((await listDecisions(stage.prisma, id)).map(({ kind }) => kind)).toEqual(["routed", "failed", "dead_lettered"]);

  await redriveTask(stage.prisma, id);
  await stage.prisma.deadLetter.updateMany({ where: { taskId: id }, data: { redrivenAt: dateOfUs(later.clock.nowUs()) } });
  expect(await giveUpUnserved()).toBe(0);
  await serveStable();
});

test("after an outage of the store or the worker itself, others have time to come back, and its own build was never gone", async () => {
  const { id } = Task.parse((await post({ version: ELSEWHERE.name })).body);
  const own = Task.parse((await post({ version: STABLE.name })).body);
  const later = await openLater(LIMIT_MS);
  let isAway = false;
  const prisma = new Proxy(stage.prisma, {
    get: (target, name, receiver) =>
      isAway && name === "$queryRaw" ? () => Promise.reject(new Error("away")) : Reflect.get(target, name, receiver),
  });
  const giveUpUnserved = later.open(prisma);
  expect(await giveUpUnserved()).toBe(0);
  later.waitMs(WORKER_GONE_AFTER_MS / 2);
  isAway = true;
  await expect(giveUpUnserved()).rejects.toThrow();
  isAway = false;
  later.waitMs(WORKER_GONE_AFTER_MS / 2);
  expect(await giveUpUnserved()).toBe(0);
  // The clock jumps without a sign of life, as on a machine that slept.
  later.waitMs(2 * LIMIT_MS);
  expect(await giveUpUnserved()).toBe(0);
  expect(await statusOf(id)).toBe("queued");
  later.waitMs(WORKER_GONE_AFTER_MS);
  expect(await giveUpUnserved()).toBeGreaterThanOrEqual(1);
  expect([await statusOf(id), await statusOf(own.id)]).toEqual(["dead", "queued"]);
  await serveStable();
});

test("a task that a worker may still be running is left to it", async () => {
  const { id } = Task.parse((await post({ version: ELSEWHERE.name })).body);
  const later = await openLater(LIMIT_MS);
  const { journals } = aRunner(stage.prisma);
  const claim = { taskId: id, worker: "not heard of", version: ELSEWHERE.name, build: ELSEWHERE.build, nowUs: later.clock.nowUs() };
  expect((await journals.claimTask(claim)).kind).toBe("claimed");
  const giveUpUnserved = later.open();
  await giveUpUnserved();
  later.waitMs(WORKER_GONE_AFTER_MS);
  await giveUpUnserved();
  expect(await statusOf(id)).toBe("running");
  later.waitMs(2 * LIMIT_MS);
  await giveUpUnserved();
  later.waitMs(WORKER_GONE_AFTER_MS);
  await giveUpUnserved();
  expect(await statusOf(id)).toBe("dead");
  await serveStable();
});

test("a task that died with a worker of its build is not left waiting by a worker of another build", async () => {
  const { id } = Task.parse((await post({ version: ELSEWHERE.name })).body);
  const runner = aRunner(stage.prisma);
  const claim = { taskId: id, worker: "gone", version: ELSEWHERE.name, build: ELSEWHERE.build, nowUs: Date.now() * 1_000 };
  expect((await runner.journals.claimTask(claim)).kind).toBe("claimed");
  expect((await runner.journals.claimTask({ ...claim, build: OWN.build })).kind).toBe("elsewhere");
  const entered: boolean[] = [];
  const gate = ((isAlone: boolean, work: () => Promise<unknown>) => {
    entered.push(isAlone);
    return work();
  }) as typeof runner.quarantine.gate;
  expect((await runTask({ ...runner, quarantine: { ...runner.quarantine, gate } }, id)).outcome).toBe("idle");
  expect(entered).toEqual([false]);
});

test("each worker sweeps what it can serve", async () => {
  const { id } = Task.parse((await post({ version: ELSEWHERE.name })).body);
  const page = { admittedBefore: new Date(Date.now() + 60_000), cursor: null, rowsMax: 1_000 };
  const swept = async (build: string) => (await listUnfinishedTasks(stage.prisma, { ...page, build })).map((task) => task.id);
  expect(await swept(OWN.build)).not.toContain(id);
  expect(await swept(ELSEWHERE.build)).toContain(id);
});

test("an unknown version is refused, and the error names the nearest one", async () => {
  const { status, body } = await post({ version: `${STABLE.name}x` });
  expect({ status, body }).toMatchObject({
    status: 400,
    body: { error: { code: "invalid_input", hint: expect.stringContaining(STABLE.name) } },
  });
});

test("a version that was registered a moment ago can be named at once", async () => {
  const routing = openRouting(stage.prisma, Date.now, LOG);
  const request = { ...aRequest(), id: newId() };
  await routing.assign(request);
  const latest = agentVersionOf({ ...OWN.manifest, planner: "llm" });
  await registerAgentVersion(stage.prisma, latest, { now: new Date(), isServed: false });
  expect((await routing.assign({ ...request, version: latest.name }))?.version).toBe(latest.name);
});

test("a gateway that was idle for long follows the current routing", async () => {
  let nowMs = Date.now();
  const project = await aProject(100);
  const { assign } = openRouting(stage.prisma, () => nowMs, LOG);
  const variantNow = async () => (await assign({ ...aRequest({ project }), id: newId() }))?.variant;
  expect(await variantNow()).toBe("candidate");
  await changeRouting(stage.prisma, project, { weight: 0 }, ACTOR);
  nowMs += 50_000;
  expect(await variantNow()).toBe("stable");
});

test("a version registered by a newer Signalbox affects only its own tasks", async () => {
  const future = { ...OWN.manifest, code: "99.0.0", mood: "kind", planner: "oracle" };
  const row = { name: "99.0.0+aaaaaaaa", hash: "a".repeat(64), build: "future", manifest: future, registeredAt: new Date() };
  await stage.prisma.agentVersionRow.create({ data: row });
  const { assign } = openRouting(stage.prisma, Date.now, LOG);
  const task = { ...aRequest({ project: await aProject(100) }), id: newId() };
  expect((await assign(task))?.version).toBe(CANDIDATE.name);
  await expect(assign({ ...task, version: row.name })).rejects.toThrow("cannot be read by this Signalbox");
  expect((await listAgentVersions(stage.prisma, 100)).map(({ name }) => name)).not.toContain(row.name);
  await stage.prisma.agentVersionRow.update({ where: { name: row.name }, data: { manifest: { ...future, planner: "rules" } } });
  expect((await assign({ ...task, version: row.name }))?.manifest.code).toBe("99.0.0");
});

test("a task that names its planner is not counted towards its project's versions", async () => {
  const project = await aProject(100);
  await using fresh = await freshGateway();
  const { body } = await postTask(fresh.url, { ...aRequest({ project }), planner: { kind: "rules" } });
  expect(Task.parse(body)).toMatchObject({ version: CANDIDATE.name, variant: "named" });
});

test("while the store is away, the routing read last holds, but not for ever", async () => {
  let nowMs = 0;
  const project = await aProject(100);
  let isAway = false;
  const away = async () => Promise.reject(new Error("away"));
  const prisma = new Proxy(stage.prisma, {
    get: (target, key) => (isAway && key === "routingRow" ? { findMany: away } : Reflect.get(target, key)),
  });
  const routing = openRouting(prisma, () => nowMs, LOG);
  const versionNow = async () => (await routing.assign({ ...aRequest({ project }), id: newId() }))?.version;
  expect(await versionNow()).toBe(CANDIDATE.name);
  isAway = true;
  nowMs = 30_000;
  expect(await versionNow()).toBe(CANDIDATE.name);
  nowMs = 61_000;
  await expect(versionNow()).rejects.toThrow("away");
});

test("a new candidate draws its sessions anew and begins without any", async () => {
  const project = await aProject(50);
  const routing = await changeRouting(stage.prisma, project, { candidate: ELSEWHERE.name }, ACTOR);
  const back = await changeRouting(stage.prisma, project, { candidate: CANDIDATE.name }, ACTOR);
  expect([routing.weight, back.weight]).toEqual([0, 0]);
  expect(back.salt).not.toBe(routing.salt);
});

test("who changed or ended a routing, when and why stays on record", async () => {
  const project = await aProject(50);
  await changeRouting(
    stage.prisma,
    project,
    { candidate: null },
    { ...ACTOR, now: new Date(Date.now() + 1_000), reason: "it answered late" },
  );
  await clearRouting(stage.prisma, project, { actor: "another", now: new Date(Date.now() + 2_000) });
  const both = { stable: STABLE.name, candidate: CANDIDATE.name, weight: 50 };
  const stable = { stable: STABLE.name, candidate: null, weight: 0 };
  expect(await listRoutingChanges(stage.prisma, project, 10)).toMatchObject([
    { actor: "another", reason: null, before: stable, after: null },
    { actor: "a test", reason: "it answered late", before: both, after: stable },
    { actor: "a test", reason: null, before: null, after: both },
  ]);
});
