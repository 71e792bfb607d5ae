import { createApiKey, createProject, revokeApiKey } from "@signalbox/db/prisma";
import { NewApiKey, NewProject, newKeyCredentials, Task } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { aGateway, aRequest, openStage, type Stage } from "../testing/stage.ts";
import { postTask, until } from "../testing/testRuntime.ts";
import { openGateway } from "./gateway.ts";

let stage: Stage;
let queue: TaskQueue;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, pino({ level: "silent" }));
  for (const name of ["shop", "bank"]) await createProject(stage.prisma, NewProject.parse({ name }), new Date());
});
afterAll(async () => {
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

async function aGate(isKeyRequired = true) {
  const gateway = await openGateway(aGateway(stage, queue, { isKeyRequired }));
  return { ...gateway, [Symbol.asyncDispose]: gateway.close };
}

let keys = 0;
async function aKey(given: Partial<NewApiKey> = {}) {
  keys += 1;
  const wanted = NewApiKey.parse({ project: "shop", name: `key ${keys}`, scopes: ["run"], ...given });
  const { key, credentials } = await createApiKey(stage.prisma, wanted, new Date());
  return { id: key.id, secret: credentials.secret, bearer: { authorization: `Bearer ${credentials.secret}` } };
}

/** A request that names no project, so that its key decides. */
function aRequestOfAnyProject() {
  const { project: _, ...request } = aRequest();
  return request;
}

test("a task belongs to its key's project and is hidden from the keys of others", async () => {
  await using gateway = await aGate();
  const [shop, bank] = [await aKey(), await aKey({ project: "bank" })];
  const task = Task.parse((await postTask(gateway.url, aRequestOfAnyProject(), shop.bearer)).body);
  expect(task.project).toBe("shop");
  const statusFor = async (headers: Record<string, string>) => (await fetch(`${gateway.url}/v1/tasks/${task.id}`, { headers })).status;
  expect([await statusFor(shop.bearer), await statusFor(bank.bearer)]).toEqual([200, 404]);
  expect((await postTask(gateway.url, aRequest({ project: "shop" }), bank.bearer)).status).toBe(403);
});

test("where keys are required, a request without a valid one is refused and nothing of it is kept", async () => {
  await using gateway = await aGate();
  const [known, revoked, expired] = [await aKey(), await aKey(), await aKey({ expiresAt: "2026-01-01T00:00:00.000Z" })];
  await revokeApiKey(stage.prisma, revoked.id, new Date());
  const wrong: [string, Record<string, string>][] = [
    ["a key is needed", {}],
    ["not known", { authorization: `Bearer ${newKeyCredentials("token").secret}` }],
    ["not known", { authorization: `Bearer ${known.secret.slice(0, -1)}` }],
    ["revoked", revoked.bearer],
    ["expired at 2026-01-01T00:00:00.000Z", expired.bearer],
    ["neither Bearer nor Basic", { authorization: known.secret }],
  ];
  for (const [named, headers] of wrong) {
    const request = aRequestOfAnyProject();
    const { status, body } = await postTask(gateway.url, request, headers);
    expect([status, body], named).toMatchObject([401, { error: { code: "unauthenticated" } }]);
    expect(JSON.stringify(body).toLowerCase()).toContain(named.toLowerCase());
    expect((await fetch(`${gateway.url}/v1/tasks/${request.id}`, { headers: known.bearer })).status).toBe(404);
  }
});

test("a key that may not run tasks gets 403; an admin's key may run them", async () => {
  await using gateway = await aGate();
  const { status, body } = await postTask(gateway.url, aRequestOfAnyProject(), (await aKey({ scopes: ["ingest", "read"] })).bearer);
  expect([status, body]).toEqual([403, { error: { code: "forbidden", message: 'This key does not allow "run".' } }]);
  expect((await postTask(gateway.url, aRequestOfAnyProject(), (await aKey({ scopes: ["admin"] })).bearer)).status).toBe(201);
});

test("where keys are required, data about all projects is shown to an admin's key alone", async () => {
  await using gateway = await aGate();
  const [tenant, operator] = [await aKey({ scopes: ["run", "read"] }), await aKey({ scopes: ["admin"] })];
  for (const path of ["/scale", "/metrics"]) {
    const statusFor = async (headers: Record<string, string>) => (await fetch(`${gateway.url}${path}`, { headers })).status;
    expect([await statusFor({}), await statusFor(tenant.bearer), await statusFor(operator.bearer)], path).toEqual([401, 403, 200]);
  }
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  await using open = await aGate(false);
  for (const path of ["/scale", "/metrics"]) expect((await fetch(`${open.url}${path}`)).status, path).toBe(200);
});

test("a gateway that shares its port answers for its own health and counters on another one, which takes no tasks", async () => {
  const ownPort = stage.stores.portOffset + 4_544;
  const gateway = await openGateway(aGateway(stage, queue, { isKeyRequired: true, ownPort }));
  await using _closing = { [Symbol.asyncDispose]: gateway.close };
  const [tenant, operator] = [await aKey(), await aKey({ scopes: ["admin"] })];
  const own = `http://127.0.0.1:${ownPort}`;
  expect((await postTask(gateway.url, aRequestOfAnyProject(), tenant.bearer)).status).toBe(201);
  expect((await postTask(own, aRequestOfAnyProject(), tenant.bearer)).status).toBe(404);
  expect((await fetch(`${own}/readyz`)).status).toBe(200);
  expect((await fetch(`${own}/metrics`)).status).toBe(401);
  const counters = await (await fetch(`${own}/metrics`, { headers: operator.bearer })).text();
  expect(counters).toContain('signalbox_gateway_admissions_total{outcome="admitted"} 1');
});

test("where no key is required, a local program needs none, but a wrong one is still refused", async () => {
  await using gateway = await aGate(false);
  expect((await postTask(gateway.url, aRequest({ project: "bank" }))).status).toBe(201);
  expect((await postTask(gateway.url, aRequest(), { authorization: "Bearer sbx_wrong" })).status).toBe(401);
});

test("a revoked key ends where it is in use", async () => {
  await using gateway = await aGate();
  const key = await aKey();
  expect((await postTask(gateway.url, aRequestOfAnyProject(), key.bearer)).status).toBe(201);
  await revokeApiKey(stage.prisma, key.id, new Date());
  await until("the refusal", async () => (await postTask(gateway.url, aRequestOfAnyProject(), key.bearer)).status === 401);
});
