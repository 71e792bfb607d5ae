import { Balancer, parseEndpoints } from "@signalbox/balancer";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, loadWorld, type PrismaClient } from "@signalbox/db/prisma";
import { type Listener, openListener, remoteService, type Send, serveService, serviceMetrics, TOOLS_CONTRACT } from "@signalbox/listener";
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
let far: ToolService;
const balancers: Balancer[] = [];

async function wayTo(url: string): Promise<Send> {
  const balancer = await Balancer.open({ service: "tools", sources: parseEndpoints(url), log: pino({ level: "silent" }) });
  balancers.push(balancer);
  return (call) => balancer.send(call);
}

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await loadWorld(prisma, "small", smallWorld());
  near = openToolService(prisma);
  listener = await openListener({
    port: 0,
    bodyMaxBytes: 1_000_000,
    log: pino({ level: "silent" }),
    metrics: new Registry(),
    isReady: async () => true,
    routes: (app) => serveService(app, TOOLS_CONTRACT, near, serviceMetrics(new Registry())),
  });
  far = remoteService(await wayTo(listener.url), TOOLS_CONTRACT);
});

afterAll(async () => {
  for (const balancer of balancers) await balancer.close();
  await listener?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const newScene = () => ({ domain: "airline", world: "small", overlay: newId() });

toolServiceContract("in process", () => ({ service: near, newScene }));
toolServiceContract("over HTTP", () => ({ service: far, newScene }));

test("a request that does not fit is refused at the edge, with a code and the field", async () => {
  const answer = await fetch(`${listener.url}/v1/tools/call`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ scene: newScene(), idempotencyKey: "", call: { name: "think", arguments: [] } }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: "invalid_input", message: expect.stringContaining("idempotencyKey") } });
});

test("an unanswered call of a service may be retried", async () => {
  const gone = remoteService<ToolService>(await wayTo("http://127.0.0.1:9"), TOOLS_CONTRACT);
  await expect(gone.state(newScene())).rejects.toMatchObject({ code: "upstream_unavailable" });
});
