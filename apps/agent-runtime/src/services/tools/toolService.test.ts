import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, loadWorld, type PrismaClient } from "@signalbox/db/prisma";
import { type Listener, openListener, remoteService, serveService, TOOLS_CONTRACT } from "@signalbox/listener";
import { newId, type ToolService } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallWorld } from "../../domains/airline/tools/smallWorld.ts";
import { openToolService } from "./toolService.ts";
import { toolServiceContract } from "./toolServiceContract.ts";

let stores: TestStores;
let prisma: PrismaClient;
let near: ToolService;
let listener: Listener;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  await loadWorld(prisma, "small", smallWorld());
  near = openToolService(prisma);
  listener = await openListener({
    port: 0,
    bodyMaxBytes: 1_000_000,
    log: pino({ level: "silent" }),
    metrics: new Registry(),
    isReady: async () => true,
    routes: (app) => serveService(app, TOOLS_CONTRACT, near),
  });
});

afterAll(async () => {
  await listener?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const newScene = () => ({ domain: "airline", world: "small", overlay: newId() });

toolServiceContract("in process", () => ({ service: near, newScene }));
toolServiceContract("over HTTP", () => ({ service: remoteService(listener.url, TOOLS_CONTRACT), newScene }));

test("a request that does not fit is refused at the edge, with a code and the field", async () => {
  const answer = await fetch(`${listener.url}/v1/tools/call`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ scene: newScene(), idempotencyKey: "", call: { name: "think", arguments: [] } }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: "invalid_input", message: expect.stringContaining("idempotencyKey") } });
});

test("a service that does not answer is one that can be tried again", async () => {
  const gone = remoteService<ToolService>("http://127.0.0.1:9", TOOLS_CONTRACT);
  await expect(gone.state(newScene())).rejects.toMatchObject({ code: "upstream_unavailable" });
});
