import { countUnfinishedTasks, createApiKey, createProject, openRateCounter } from "@signalbox/db/prisma";
import { NewApiKey, NewProject, newId } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../../queue/taskQueue.ts";
import { aGateway, anAdmittedTask, aRequest, aRunner, openStage, type Stage } from "../../testing/stage.ts";
import { postTask, until } from "../../testing/testRuntime.ts";
import { runTask } from "../../worker/runTask.ts";
import { openGateway } from "../gateway.ts";
import type { GatewayLimits } from "./limits.ts";

const LOG = pino({ level: "silent" });
const NONE: GatewayLimits = { tasksMax: 100_000, projectTasksMax: 100_000, projectTasksPerMinuteMax: null };

let stage: Stage;
let queue: TaskQueue;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, LOG);
});
afterAll(async () => {
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

async function aGate(limits: Partial<GatewayLimits>) {
  const rateCounter = openRateCounter(stage.stores.databaseUrl);
  // Where an answer takes more than a second nothing is limited, so its two connections are opened before.
  await Promise.all([1, 2].map(() => until("the counter", () => rateCounter.add(newId(), 1).catch(() => null))));
  const gateway = await openGateway(aGateway(stage, queue, { limits: { ...NONE, ...limits }, rateCounter }));
  return {
    ...gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await rateCounter.close();
    },
  };
}

const aName = (): string => `p-${newId()}`;

test("a project with its full share of unfinished tasks has to wait; others do not", async () => {
  await using gateway = await aGate({ projectTasksMax: 2 });
  const project = aName();
  const first = await anAdmittedTask(stage.prisma, { project });
  expect((await postTask(gateway.url, aRequest({ project }))).status).toBe(201);
  const refused = await postTask(gateway.url, aRequest({ project }));
  expect(refused).toMatchObject({ status: 429, retryAfter: "60", body: { error: { code: "overloaded" } } });
  expect((await postTask(gateway.url, aRequest({ project: aName() }))).status).toBe(201);

  await runTask(aRunner(stage.prisma), first);
  await using restarted = await aGate({ projectTasksMax: 2 });
  expect((await postTask(restarted.url, aRequest({ project }))).status).toBe(201);
});

test("a request for a task that exists already takes no place", async () => {
  await using gateway = await aGate({ projectTasksMax: 2 });
  const request = aRequest({ project: aName() });
  const statuses = [];
  for (let times = 0; times < 4; times += 1) statuses.push((await postTask(gateway.url, request)).status);
  expect(statuses).toEqual([201, 200, 200, 200]);
  expect((await postTask(gateway.url, aRequest({ project: request.project }))).status).toBe(201);
});

test("without room, a repeated request is still answered by its id or key, but a different one under them is not", async () => {
  await using gateway = await aGate({ projectTasksMax: 2 });
  const project = aName();
  const [named, { id: _, ...keyed }] = [aRequest({ project }), aRequest({ project })];
  const key = { "idempotency-key": newId() };
  const sendBoth = async () => [(await postTask(gateway.url, named)).status, (await postTask(gateway.url, keyed, key)).status];
  expect(await sendBoth()).toEqual([201, 201]);
  expect((await postTask(gateway.url, aRequest({ project }))).status).toBe(429);
  expect(await sendBoth()).toEqual([200, 200]);
  expect((await postTask(gateway.url, { ...keyed, message: "Something else" }, key)).status).toBe(409);
});

test("when there are too many tasks in all, the batch lane is refused first", async () => {
  await anAdmittedTask(stage.prisma);
  const counts = await countUnfinishedTasks(stage.prisma, { settledBefore: new Date(), stillBefore: new Date() });
  const unfinished = [...counts.values()].reduce((sum, { tasks }) => sum + tasks, 0);
  await using gateway = await aGate({ tasksMax: 2 * unfinished });
  expect((await postTask(gateway.url, aRequest({ project: aName(), lane: "batch" }))).status).toBe(429);
  expect((await postTask(gateway.url, aRequest({ project: aName(), lane: "interactive" }))).status).toBe(201);
});

test("a project and a key have rates that gateways keep together, and every refusal says when the minute is over", async () => {
  const project = aName();
  await createProject(stage.prisma, NewProject.parse({ name: project }), new Date());
  const wanted = NewApiKey.parse({ project, name: "slow", scopes: ["run"], requestsPerMinuteMax: 3 });
  const { credentials } = await createApiKey(stage.prisma, wanted, new Date());
  const bearer = { authorization: `Bearer ${credentials.secret}` };
  await using one = await aGate({ projectTasksPerMinuteMax: 5 });
  await using other = await aGate({ projectTasksPerMinuteMax: 5 });
  const sendAll = (headers: Record<string, string>) =>
    Promise.all([one, other].flatMap(({ url }) => Array.from({ length: 5 }, () => postTask(url, aRequest({ project }), headers))));

  const byKey = await sendAll(bearer);
  expect(byKey.filter(({ status }) => status === 201)).toHaveLength(3);
  const byProject = await sendAll({});
  expect(byProject.filter(({ status }) => status === 201)).toHaveLength(2);
  for (const { status, retryAfter } of [...byKey, ...byProject]) {
    if (status === 429) expect(Number(retryAfter)).toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60);
    else expect([status, retryAfter]).toEqual([201, null]);
  }
});
