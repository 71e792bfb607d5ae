import { parseEndpoints } from "@signalbox/balancer";
import {
  countAtWork,
  listDeadLetters,
  listDecisions,
  listSteps,
  listTaskRecords,
  listUnfinishedTasks,
  openJournalStore,
  type PrismaClient,
  pauseQueue,
  putKnowledge,
  resumeQueue,
} from "@signalbox/db/prisma";
import { openEmbedder } from "@signalbox/knowledge";
import { remoteService, serveService, serviceMetrics, TOOLS_CONTRACT } from "@signalbox/listener";
import { AppError, newId, type ToolCallRequest, type ToolService, verifyChain } from "@signalbox/model";
import fastify from "fastify";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { type OutagePolicy, withOutagePolicy } from "../services/memory/outagePolicy.ts";
import { openServices } from "../services/openServices.ts";
import { openServiceTransports } from "../services/serviceTransports.ts";
import { anAdmittedTask, aRunner, DATA, OWN, openStage } from "../testing/stage.ts";
import { openQuarantine } from "./quarantine.ts";
import { runTask, type TaskRunner } from "./runTask.ts";
import type { Ward } from "./ward/ward.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let prisma: PrismaClient;

beforeAll(async () => {
  stage = await openStage();
  prisma = stage.prisma;
});
afterAll(() => stage[Symbol.asyncDispose]());

const [OWNER = ""] = Object.keys(DATA.users);
const BOOKING = Object.values(DATA.reservations).find(
  ({ cabin, flights }) => cabin === "business" && flights.every(({ date }) => date > "2024-05-15"),
);
const CANCELLATION = `Please cancel my reservation ${BOOKING?.reservation_id}. User ${BOOKING?.user_id}.`;

async function taskOf(id: string) {
  const [task] = await listTaskRecords(prisma, [id]);
  if (task === undefined) throw new Error(`no task ${id}`);
  return task;
}

async function decisionsOf(id: string): Promise<string[]> {
  const decisions = await listDecisions(prisma, id);
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  return decisions.map(({ kind }) => kind);
}

test("a task passes the four services, and every decision is on record before its action", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION, session: "s-1" });
  expect(await runTask(aRunner(prisma), id)).toEqual({ handled: { kind: "finished" }, outcome: "done" });

  const task = await taskOf(id);
  expect(task.result).toMatchObject({ ended: true, steps: 3, answers: [expect.stringContaining("is cancelled")] });
  expect(task.result?.toolCalls.map(({ name }) => name)).toEqual(["get_reservation_details", "cancel_reservation"]);
  expect((await listSteps(prisma, id)).map(({ stage: { kind } }) => kind)).toEqual([
    "understand",
    "recall",
    "move",
    "tool",
    "move",
    "tool",
    "move",
    "remember",
  ]);
  expect(await decisionsOf(id)).toEqual([
    "routed",
    "understood",
    "recalled",
    "planned",
    "tool_called",
    "planned",
    "tool_called",
    "planned",
    "answered",
    "planned",
  ]);
});

test("a second delivery of a finished task does nothing", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await runTask(aRunner(prisma), id);
  const before = await decisionsOf(id);
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("idle");
  expect(await decisionsOf(id)).toEqual(before);
});

test("while its queue is paused, a task is not started and loses its job; the sweeper gives it a new one when the queue resumes", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const page = { admittedBefore: new Date(Date.now() + 1_000), build: "none", cursor: null, rowsMax: 1_000 };
  const isSwept = async () => (await listUnfinishedTasks(prisma, page)).some((task) => task.id === id);
  const act = { actor: "ann", reason: "a test", now: new Date() };
  await pauseQueue(prisma, { ...act, project: null });
  expect(await runTask(aRunner(prisma), id)).toEqual({ handled: { kind: "finished" }, outcome: "idle" });
  expect([(await taskOf(id)).status, await isSwept()]).toEqual(["queued", false]);
  await resumeQueue(prisma, { ...act, project: null });
  expect(await isSwept()).toBe(true);
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
});

test("a task whose worker died while its queue is paused no longer counts as running, and runs when the queue resumes", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await openJournalStore(prisma).claimTask({ taskId: id, worker: "one that dies", version: "1", nowUs: systemClock.nowUs() });
  const before = await countAtWork(prisma);
  const act = { actor: "ann", reason: "a test", now: new Date() };
  await pauseQueue(prisma, { ...act, project: null });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("idle");
  expect(await countAtWork(prisma)).toBe(before - 1);
  await resumeQueue(prisma, { ...act, project: null });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
});

test("a delivery of a task that does not exist is dropped", async () => {
  expect((await runTask(aRunner(prisma), "00000000-0000-4000-8000-000000000000")).outcome).toBe("idle");
});

test("an attempt that loses a tool's answer is retried from that step, with no second effect", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma);
  const { tools } = runner.services;
  const calls: string[] = [];
  const forgetful = {
    ...tools,
    call: async (request: ToolCallRequest) => {
      calls.push(request.call.name);
      const answer = await tools.call(request);
      if (calls.length === 2) throw new AppError("upstream_unavailable", "the answer got lost");
      return answer;
    },
  };
  const flaky = { ...runner, services: { ...runner.services, tools: forgetful } };
  expect(await runTask(flaky, id)).toEqual({ handled: { kind: "again", delayMs: 10 }, outcome: "retried" });
  expect((await taskOf(id)).status).toBe("queued");
  expect((await runTask(flaky, id)).outcome).toBe("done");

  expect(calls).toEqual(["get_reservation_details", "cancel_reservation", "cancel_reservation"]);
  const { result } = await taskOf(id);
  const cancelled = JSON.parse(result?.toolCalls[1]?.output ?? "{}");
  expect(cancelled.payment_history).toHaveLength(2);
  expect((await decisionsOf(id)).slice(-6)).toEqual(["tool_called", "failed", "retried", "planned", "answered", "planned"]);
});

test("out of attempts, the task becomes a dead letter with every attempt's error", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma);
  let attempt = 0;
  const language = {
    understand: async () => {
      attempt += 1;
      throw new AppError("upstream_unavailable", `service 10.0.0.${attempt} is gone`);
    },
  };
  const broken = { ...runner, services: { ...runner.services, language } };
  expect((await runTask(broken, id)).handled).toEqual({ kind: "again", delayMs: 10 });
  expect((await runTask(broken, id)).handled).toEqual({ kind: "again", delayMs: 20 });
  expect(await runTask(broken, id)).toEqual({ handled: { kind: "finished" }, outcome: "dead" });

  const task = await taskOf(id);
  expect(task).toMatchObject({ status: "dead", error: "service 10.0.0.3 is gone" });
  expect(await decisionsOf(id)).toEqual(["routed", "failed", "retried", "failed", "retried", "failed", "dead_lettered"]);
  const [letter] = await listDeadLetters(prisma, id);
  expect(letter).toMatchObject({
    cause: "attempts_exhausted",
    run: 1,
    traceId: task.traceId,
    decisionHead: task.head,
    versions: [OWN.name],
  });
  expect(letter?.attempts.map(({ outcome, error }) => [outcome, error?.message])).toEqual([
    ["failed", "service 10.0.0.1 is gone"],
    ["failed", "service 10.0.0.2 is gone"],
    ["failed", "service 10.0.0.3 is gone"],
  ]);
  expect(letter?.attempts.map(({ backoffMs }) => backoffMs)).toEqual([10, 20, null]);
  expect(letter?.payload.message).toBe(CANCELLATION);
});

/** The dead letter of a task whose first tool call throws, in services that `tools` opens. */
async function letterOfBrokenTool(tools: (broken: ToolService) => ToolService) {
  const runner = aRunner(prisma, { limits: { failuresMax: 1, retryDelayMs: 10, attemptMsMax: 60_000 } });
  const call = () => Promise.reject(new TypeError("no port 7 to call", { cause: new RangeError("ports end at 6") }));
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await runTask({ ...runner, services: { ...runner.services, tools: tools({ ...runner.services.tools, call }) } }, id);
  return (await listDeadLetters(prisma, id))[0];
}

test("a dead letter says where and how its task failed, even if the service is another process", async () => {
  const near = await letterOfBrokenTool((broken) => broken);
  expect(near).toMatchObject({
    ...{ kind: "task", service: "signalbox-tools", tool: "get_reservation_details", errorClass: "TypeError", message: "no port 7 to call" },
    errorChain: [{ class: "RangeError", message: "ports end at 6" }],
    frame: expect.stringMatching(/^call \(apps\/agent-runtime\/src\/worker\/runTask\.integration\.test\.ts:\d+\)$/),
  });

  const app = fastify();
  const far = await letterOfBrokenTool((broken) => {
    serveService(app, TOOLS_CONTRACT, broken, serviceMetrics(new Registry()));
    return remoteService(async ({ path, body }) => {
      const answer = await app.inject({ method: "POST", url: path, payload: body, headers: { "content-type": "application/json" } });
      return { status: answer.statusCode, text: answer.body };
    }, TOOLS_CONTRACT);
  });
  await app.close();
  const { errorClass, errorChain, message, frame, service, tool, fingerprint } = near ?? {};
  expect(far).toMatchObject({ errorClass, errorChain, message, frame, service, tool, fingerprint });
});

test("a failure that no retry can help becomes a dead letter at once", async () => {
  const id = await anAdmittedTask(prisma, { message: "How many lemons fit into the overhead bin?" });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("dead");
  expect((await listDeadLetters(prisma, id))[0]).toMatchObject({
    cause: "not_retryable",
    attempts: [{ error: { class: "invalid_input" } }],
  });
});

/** Starts a task and abandons it, like a worker that died. */
function startAndDie(taskId: string, isAlone: boolean) {
  return openJournalStore(prisma).claimTask({ taskId, worker: newId(), version: "0.1.0", nowUs: systemClock.nowUs(), isAlone });
}

test("a task whose workers keep dying is given up", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  for (const isAlone of [false, true, true]) await startAndDie(id, isAlone);
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("dead");
  const [letter] = await listDeadLetters(prisma, id);
  expect(letter).toMatchObject({ cause: "kills_worker", errorClass: "kills_worker", service: "signalbox-language", tool: null });
  expect(letter?.attempts.map(({ outcome, isAlone }) => [outcome, isAlone])).toEqual([
    ["lost", false],
    ["lost", true],
    ["lost", true],
    ["failed", true],
  ]);
});

test("a task whose worker died runs alone, while others wait", async () => {
  const [suspect, other] = [
    await anAdmittedTask(prisma, { message: CANCELLATION }),
    await anAdmittedTask(prisma, { message: CANCELLATION }),
  ];
  await startAndDie(suspect, false);
  const runner = aRunner(prisma);
  expect(await Promise.all([runTask(runner, suspect), runTask(runner, other)])).toMatchObject([{ outcome: "done" }, { outcome: "done" }]);
  const attempts = await prisma.attempt.findMany({ where: { taskId: { in: [suspect, other] } }, orderBy: { attempt: "asc" } });
  expect(attempts.map(({ taskId, isAlone, outcome }) => [taskId === suspect, isAlone, outcome])).toEqual([
    [true, false, "lost"],
    [false, false, "done"],
    [true, true, "done"],
  ]);
});

test("the loss of a suspect's worker is recorded before the suspect can run alone", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await startAndDie(id, false);
  const delivered = await startAndDie(id, false);
  const deaths = { all: 1, alone: 0, latestMsAgo: expect.any(Number) };
  expect(delivered).toEqual({ kind: "suspect", diedWith: expect.any(String), deaths });
  const lost = { attempt: 1, outcome: "lost", endedAt: expect.any(Date) };
  expect(await prisma.attempt.findMany({ where: { taskId: id } })).toMatchObject([lost]);
});

test("how long ago a suspect's worker died is measured by the store, whatever clock the claiming worker has", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await startAndDie(id, false);
  const claim = (isAlone: boolean) =>
    openJournalStore(prisma).claimTask({ taskId: id, worker: newId(), version: "0.1.0", nowUs: 0, isAlone });
  const deaths = { all: 1, alone: 0, latestMsAgo: expect.closeTo(0, -5) };
  expect(await claim(false)).toMatchObject({ kind: "suspect", deaths });
  expect(await claim(true)).toMatchObject({ kind: "claimed", deaths });
});

test("the ward is told which process a suspect died with, however often it asks", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  await startAndDie(id, false);
  const told: unknown[] = [];
  const ward: Ward = {
    started: Promise.resolve(),
    run: async (taskId, diedWith) => {
      told.push([taskId, diedWith]);
      return "full";
    },
    leave: () => {},
    close: async () => {},
  };
  const runner = aRunner(prisma, { ward });
  for (let time = 0; time < 2; time += 1) expect((await runTask(runner, id)).outcome).toBe("put_off");
  const [{ worker } = { worker: "" }] = await prisma.attempt.findMany({ where: { taskId: id } });
  expect(told).toEqual([
    [id, worker],
    [id, worker],
  ]);
});

test("a task whose last verdict is due waits for it in the queue, where it delays nobody", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  for (const isAlone of [false, true, true]) await startAndDie(id, isAlone);
  const { journals } = aRunner(prisma);
  const runner = aRunner(prisma, { quarantine: openQuarantine(journals, 60_000) });
  expect(await runTask(runner, id)).toEqual({ handled: { kind: "again", delayMs: expect.any(Number) }, outcome: "put_off" });
  expect(await prisma.attempt.count({ where: { taskId: id } })).toBe(3);
  await prisma.attempt.updateMany({ where: { taskId: id }, data: { endedAt: new Date(Date.now() - 60_000) } });
  expect((await runTask(runner, id)).outcome).toBe("dead");
});

test("two deaths alone with a restart of the store between them are not blamed on the task: the machine was restarted", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  for (let restart = 0; restart < 2; restart += 1) await startAndDie(id, true);
  await prisma.attempt.updateMany({ where: { taskId: id }, data: { startedAt: new Date(0) } });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
});

test("a worker that lives, or leaves in good order, vouches for attempts that others take for lost", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const { journals, quarantine } = aRunner(prisma);
  const claim = await startAndDie(id, true);
  await startAndDie(id, true);
  if (claim.kind !== "claimed") throw new Error("not claimed");
  let hasEnded = () => {};
  const work = quarantine.hold(claim, () => new Promise<void>((end) => (hasEnded = end)));
  await quarantine.vouch();
  expect(await journals.countDeaths(id, 1)).toEqual({ all: 0, alone: 0, latestMsAgo: null });
  expect((await prisma.attempt.findMany({ where: { taskId: id }, orderBy: { attempt: "asc" } })).map(({ outcome }) => outcome)).toEqual([
    "released",
    null,
  ]);
  hasEnded();
  await work;

  const leaving = aRunner(prisma).quarantine;
  leaving.leave();
  const second = await startAndDie(id, true);
  if (second.kind !== "claimed") throw new Error("not claimed");
  const left = leaving.hold(second, () => new Promise<void>((end) => (hasEnded = end)));
  await leaving.vouch();
  hasEnded();
  await left;
  const outcomes = (await prisma.attempt.findMany({ where: { taskId: id }, orderBy: { attempt: "asc" } })).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["released", "lost", "released"]);
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
});

test("of two workers with the same task, the older one stops quietly wherever it is", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma);
  const { language } = runner.services;
  const overtaken = {
    understand: async (request: { domain: string; message: string }) => {
      expect((await runTask(aRunner(prisma, { worker: "worker-2" }), id)).outcome).toBe("done");
      return language.understand(request);
    },
  };
  expect((await runTask({ ...runner, services: { ...runner.services, language: overtaken } }, id)).outcome).toBe("idle");
  const steps = await listSteps(prisma, id);
  expect(steps.every(({ attempt }) => attempt === 2)).toBe(true);
  expect(await decisionsOf(id)).toHaveLength(9);
});

test("a conversation that does not end within thirty turns is finished, not ended", async () => {
  const turns = Array.from({ length: 40 }, (_, turn) =>
    turn % 2 === 0 ? { role: "assistant" as const, content: `And ${turn}?`, toolCall: null } : { role: "user" as const, content: "Go on." },
  ).concat(Array.from({ length: 30 }, () => ({ role: "assistant" as const, content: "Still here.", toolCall: null })));
  const planner = { kind: "recorded" as const, model: "gpt-4o", provider: "openai", system: "Be kind.", turns };
  const id = await anAdmittedTask(prisma, { message: "Hi", planner });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
  expect((await taskOf(id)).result).toMatchObject({ ended: false, steps: 30 });
});

test("the turns of a session are recalled by its next task", async () => {
  const request = { message: `Look up trip ${BOOKING?.reservation_id} for me? I am ${BOOKING?.user_id}.`, session: `s-${OWNER}` };
  await runTask(aRunner(prisma), await anAdmittedTask(prisma, request));
  const next = await anAdmittedTask(prisma, request);
  await runTask(aRunner(prisma), next);
  const recall = (await listSteps(prisma, next)).find(({ stage: { kind } }) => kind === "recall");
  expect(recall?.stage.output).toMatchObject({ turns: [{ role: "user", content: request.message }, { role: "assistant" }] });
});

test("a task whose needs no endpoint of a service meets becomes a dead letter that says so", async () => {
  const nowhere = { memory: undefined, planning: undefined, tools: undefined };
  const language = parseEndpoints("http://127.0.0.1:9#cpu");
  const { transports, close } = await openServiceTransports({ language, ...nowhere }, pino({ level: "silent" }), new Registry());
  const runner = aRunner(prisma, {
    services: openServices(transports, RULE_CLASSIFIER, aRunner(prisma).services.memory, prisma),
    limits: { failuresMax: 1, retryDelayMs: 10, attemptMsMax: 60_000 },
  });
  const id = await anAdmittedTask(prisma, { needs: { language: ["gpu"], tools: ["fast"] } });
  expect((await runTask(runner, id)).outcome).toBe("dead");
  expect((await taskOf(id)).error).toBe("No endpoint of the language service is gpu.");
  await close();
});

/** A memory that does not answer its first `failures` requests, under an outage policy. */
function awayFor(failures: number, policy: OutagePolicy): TaskRunner {
  const runner = aRunner(prisma);
  const { memory } = runner.services;
  let asked = 0;
  const gate =
    <Request, Answer>(ask: (request: Request) => Promise<Answer>) =>
    async (request: Request) => {
      asked += 1;
      if (asked <= failures) throw new AppError("upstream_unavailable", "Redis does not answer.");
      return ask(request);
    };
  const away = { recall: gate(memory.recall), remember: gate(memory.remember), search: gate(memory.search) };
  return { ...runner, services: { ...runner.services, memory: withOutagePolicy(away, policy, systemClock) } };
}

async function recalledIn(id: string) {
  return (await listDecisions(prisma, id)).find(({ kind }) => kind === "recalled");
}

test("a task goes on without memory where it may, and says so in its log", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION, session: "away" });
  expect((await runTask(awayFor(Number.POSITIVE_INFINITY, { kind: "degrade" }), id)).outcome).toBe("done");
  const outage = "Memory is away, and the task goes on without it: Redis does not answer.";
  expect(await recalledIn(id)).toMatchObject({ chosen: "0 turns", reason: outage, detail: { session: "away", outage } });
  const stages = (await listSteps(prisma, id)).map(({ stage: { kind, output } }) => [kind, output]);
  expect(stages).toContainEqual(["recall", { turns: [], outage }]);
  expect(stages).toContainEqual(["remember", { turns: 0, outage }]);
});

test("a task waits for memory where it must, and says so in its log", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION, session: "waited" });
  expect((await runTask(awayFor(4, { kind: "wait", waitMs: 60_000, pauseMs: 1 }), id)).outcome).toBe("done");
  expect(await recalledIn(id)).toMatchObject({ reason: expect.stringContaining("was waited for: Redis does not answer.") });
});

test("a task that waited for memory in vain is tried again, like one whose other parts are away", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION, session: "in vain" });
  const runner = awayFor(Number.POSITIVE_INFINITY, { kind: "wait", waitMs: 0, pauseMs: 1 });
  expect(await runTask(runner, id)).toMatchObject({ outcome: "retried" });
});

test("passages of the project's documents about the message are recorded, and named in the decision", async () => {
  const embedder = openEmbedder(undefined);
  const text = "Whoever wants to cancel a reservation tells its number.";
  const [vector = new Float32Array()] = await embedder.embed([text]);
  const document = { id: "cancelling", title: "Cancelling", text, attributes: {} };
  const documents = [{ document, digest: "d", chunks: [{ text, vector }] }];
  await putKnowledge(prisma, { project: "default", embedder: embedder.name, documents, now: new Date() });
  const id = await anAdmittedTask(prisma, { message: CANCELLATION, session: "knowing" });
  await runTask(aRunner(prisma), id);
  expect(await recalledIn(id)).toMatchObject({ chosen: "0 turns, 1 passage", detail: { documents: ["cancelling"] } });
  const recall = (await listSteps(prisma, id)).find(({ stage: { kind } }) => kind === "recall");
  expect(recall?.stage.output).toMatchObject({ passages: [{ document: "cancelling", text }] });
});

test("a task whose journal this version cannot read fails its attempt, says so, and waits for another version", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma);
  const broken = { ...runner.services, memory: { ...runner.services.memory, recall: () => Promise.reject(new Error("gone")) } };
  await runTask({ ...runner, services: { ...broken, tools: { ...broken.tools, call: () => Promise.reject(new Error("gone")) } } }, id);
  await prisma.step.updateMany({ where: { taskId: id }, data: { kind: "of tomorrow" } });
  expect((await runTask(runner, id)).outcome).toBe("retried");
  expect((await listDecisions(prisma, id)).findLast(({ kind }) => kind === "failed")?.reason).toContain("cannot read");
});

test("a task that hangs in a service times out and becomes a dead letter that says where", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma, { limits: { failuresMax: 2, retryDelayMs: 10, attemptMsMax: 1_500 } });
  const hanging = { ...runner.services, tools: { ...runner.services.tools, call: () => new Promise<never>(() => undefined) } };
  expect((await runTask({ ...runner, services: hanging }, id)).outcome).toBe("retried");
  expect((await runTask({ ...runner, services: hanging }, id)).outcome).toBe("dead");
  expect(await listDeadLetters(prisma, id)).toMatchObject([
    { cause: "timed_out", errorClass: "timed_out", service: "signalbox-tools", tool: "get_reservation_details" },
  ]);
});

test("an effect that a tool had after its attempt timed out is not repeated", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma, { limits: { failuresMax: 2, retryDelayMs: 10, attemptMsMax: 300 } });
  const { tools } = runner.services;
  const { promise: late, resolve: arrive } = Promise.withResolvers<void>();
  const call = async (request: ToolCallRequest) => {
    await late;
    return tools.call(request);
  };
  expect((await runTask({ ...runner, services: { ...runner.services, tools: { ...tools, call } } }, id)).outcome).toBe("retried");
  arrive();
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("done");
  expect((await taskOf(id)).result?.toolCalls.map(({ name }) => name)).toEqual(["get_reservation_details", "cancel_reservation"]);
  expect((await listSteps(prisma, id)).every(({ attempt, step }) => step < 3 || attempt === 2)).toBe(true);
});

test("a task refused by a limit becomes a dead letter with a cause of its own", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const runner = aRunner(prisma);
  const planning = { next: () => Promise.reject(new AppError("limit_reached", "20 steps did not suffice.")) };
  expect((await runTask({ ...runner, services: { ...runner.services, planning } }, id)).outcome).toBe("dead");
  expect(await listDeadLetters(prisma, id)).toMatchObject([{ cause: "refused", service: "signalbox-planning" }]);
});
