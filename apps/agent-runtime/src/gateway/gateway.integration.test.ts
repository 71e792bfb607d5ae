import { request as httpRequest } from "node:http";
import { listDecisions, listTaskRecords } from "@signalbox/db/prisma";
import type { Listener } from "@signalbox/listener";
import { newId, Task, traceIdOf, verifyChain } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { aGateway, aRequest, openStage, type Stage } from "../testing/stage.ts";
import { postTask } from "../testing/testRuntime.ts";
import { openGateway } from "./gateway.ts";

const CONSOLE_PORT = 3_000;
const LOG = pino({ level: "silent" });

let stage: Stage;
let queue: TaskQueue;
let gateway: Listener;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, LOG);
  gateway = await openGateway(aGateway(stage, queue, { originPorts: [CONSOLE_PORT] }));
});
afterAll(async () => {
  await gateway.close();
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

test("a task is admitted with its first decision, and can be asked for", async () => {
  const request = aRequest({ session: "s", user: "u", tags: ["a", "b"] });
  const { status, body } = await postTask(gateway.url, request);
  expect(status).toBe(201);
  const task = Task.parse(body);
  expect(task).toMatchObject({ id: request.id, status: "queued", attempts: 0, session: "s", user: "u", tags: ["a", "b"], result: null });
  expect(task.traceId).toBe(traceIdOf(task.id));
  expect(Task.parse(await (await fetch(`${gateway.url}/v1/tasks/${task.id}`)).json())).toEqual(task);

  const decisions = await listDecisions(stage.prisma, task.id);
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  expect(decisions).toMatchObject([{ kind: "routed", chosen: "rules", seq: 0 }]);
});

test("a repeated request finds the existing task, however often and however many are sent at once", async () => {
  const request = aRequest();
  const answers = await Promise.all(Array.from({ length: 8 }, () => postTask(gateway.url, request)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  expect(await listDecisions(stage.prisma, String(request.id))).toHaveLength(1);
});

test("an id that belongs to another request is a conflict", async () => {
  const request = aRequest();
  await postTask(gateway.url, request);
  const { status, body } = await postTask(gateway.url, { ...request, message: "Something else" });
  expect(status).toBe(409);
  expect(body).toMatchObject({ error: { code: "conflict", hint: expect.any(String) } });
});

test("requests without a Content-Length count with the bytes they really have", async () => {
  const sendChunked = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
      const sent = httpRequest(`${gateway.url}/v1/tasks`, { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
      sent.on("error", reject).end(JSON.stringify(aRequest()));
    });
  const statuses = await Promise.all(Array.from({ length: 40 }, sendChunked));
  expect(new Set(statuses)).toEqual(new Set([201]));
});

test("without an id every request is a task of its own", async () => {
  const { id: _, ...request } = aRequest();
  const ids = [Task.parse((await postTask(gateway.url, request)).body).id, Task.parse((await postTask(gateway.url, request)).body).id];
  expect(new Set(ids).size).toBe(2);
});

test("a recorded conversation is stored unchanged", async () => {
  const toolCall = { id: "call_1", name: "calculate", arguments: { z: 1, a: { y: "é🚆", b: [1.5, null] } } };
  const turns = [{ role: "assistant" as const, content: null, toolCall }];
  const request = aRequest({ planner: { kind: "recorded", model: "gpt-4o", provider: "openai", system: "Be kind.", turns } });
  await postTask(gateway.url, request);
  const [record] = await listTaskRecords(stage.prisma, [String(request.id)]);
  expect(JSON.stringify(record?.request.planner)).toBe(JSON.stringify(request.planner));
});

/** Arrays nested `levels` deep. */
const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);

const expecting = (value: unknown) => ({
  ...aRequest(),
  expectation: { actions: [{ name: "think", arguments: { value } }], outputs: [], endsWithin: 30 },
});

test("a value that is nested as deep as any program's is admitted", async () => {
  expect((await postTask(gateway.url, expecting(nested(80)))).status).toBe(201);
});

test.each([
  ["nesting without end", expecting(nested(4_000)), "nested deeper than 100 levels"],
  ["an unknown field", { ...aRequest(), colour: "red" }, "colour"],
  ["a wrong id", { ...aRequest(), id: "7" }, "id"],
  ["an empty message", { ...aRequest(), message: "" }, "message"],
  ["a NUL character", { ...aRequest(), message: "a\u0000b" }, "request.message"],
  ["half a surrogate pair", { ...aRequest(), user: "\ud83d" }, "request.user"],
])("%s is refused, and the answer names it", async (_name, request, named) => {
  const { status, body } = await postTask(gateway.url, request);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: "invalid_input", message: expect.stringContaining(named) } });
});

test("an unknown domain is refused, and the answer names the known ones", async () => {
  const { status, body } = await postTask(gateway.url, aRequest({ domain: "railway" }));
  expect(status).toBe(400);
  const error = { code: "invalid_input", message: expect.stringContaining('"railway"'), hint: expect.stringContaining("airline, banking") };
  expect(body).toEqual({ error });
});

test("a body of more than eight megabytes is refused", async () => {
  const turns = Array.from({ length: 90 }, () => ({ role: "user" as const, content: "x".repeat(100_000) }));
  const { status } = await postTask(gateway.url, aRequest({ planner: { kind: "recorded", model: "m", provider: "p", system: "", turns } }));
  expect(status).toBe(413);
});

test("an autoscaler is told how many tasks wait in either lane", async () => {
  const before = await queue.depth();
  await postTask(gateway.url, aRequest());
  await postTask(gateway.url, aRequest({ lane: "batch" }));
  expect(await (await fetch(`${gateway.url}/scale`)).json()).toMatchObject({ waiting: before.waiting + 2, tasksPerWorker: 16 });
});

test("an unknown task is 404, a malformed id 400", async () => {
  expect((await fetch(`${gateway.url}/v1/tasks/${newId()}`)).status).toBe(404);
  expect((await fetch(`${gateway.url}/v1/tasks/7`)).status).toBe(400);
});

function statusOf(headers: Record<string, string>): Promise<number | undefined> {
  const body = JSON.stringify(aRequest());
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: gateway.port,
      path: "/v1/tasks",
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
    };
    httpRequest(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end(body);
  });
}

test("no other web page may post tasks, neither cross-site nor by DNS rebinding; the console may", async () => {
  expect(await statusOf({ origin: "https://attacker.example", "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf({ host: `attacker.example:${gateway.port}` })).toBe(403);
  expect(await statusOf({ host: `attacker.example:${gateway.port}`, origin: `http://attacker.example:${gateway.port}` })).toBe(403);
  expect(await statusOf({ origin: `http://localhost:${CONSOLE_PORT}` })).toBe(201);
});

test("an Idempotency-Key makes a request one task, whatever ids come with it; another request under it is a conflict", async () => {
  const headers = { "idempotency-key": newId() };
  const { id: _, ...request } = aRequest();
  const answers = await Promise.all(
    [{}, {}, { id: newId() }, { id: newId() }].map((id) => postTask(gateway.url, { ...request, ...id }, headers)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  expect(new Set(answers.map(({ body }) => Task.parse(body).id)).size).toBe(1);

  const other = await postTask(gateway.url, { ...request, message: "Something else" }, headers);
  expect([other.status, other.body]).toEqual([
    409,
    { error: expect.objectContaining({ message: expect.stringContaining(headers["idempotency-key"]) }) },
  ]);
  expect((await postTask(gateway.url, { ...request, project: "shop" }, headers)).status).toBe(201);
});

test("many requests at once each get their own answer, bad and repeated ones included", async () => {
  const before = await queue.depth();
  const requests = Array.from({ length: 300 }, (_, index) => aRequest({ lane: index % 2 === 0 ? "batch" : "interactive" }));
  const answers = await Promise.all(
    requests.flatMap((request, index) => [
      postTask(gateway.url, request),
      ...(index % 3 === 0 ? [postTask(gateway.url, request), postTask(gateway.url, { ...request, message: "Something else" })] : []),
      ...(index % 5 === 0 ? [postTask(gateway.url, { ...request, id: newId(), message: "" })] : []),
    ]),
  );
  const counts = Object.groupBy(answers, ({ status }) => String(status));
  expect([counts[201]?.length, counts[400]?.length]).toEqual([300, 60]);
  expect((counts[200]?.length ?? 0) + (counts[409]?.length ?? 0)).toBe(200);
  const ids = requests.map(({ id }) => String(id));
  expect(await listTaskRecords(stage.prisma, ids)).toHaveLength(300);
  for (const id of ids) expect(verifyChain(await listDecisions(stage.prisma, id))).toEqual({ kind: "whole" });
  expect((await queue.depth()).waiting - before.waiting).toBe(300);
});
