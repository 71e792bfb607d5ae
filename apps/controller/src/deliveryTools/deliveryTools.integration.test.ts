import { freePort, startTestStores, type TestStores } from "@signalbox/db/embedded";
import {
  actOnRollout,
  changeRouting,
  createApiKey,
  createPrisma,
  createProject,
  type PrismaClient,
  readRolloutRecord,
  recordLook,
  registerAgentVersion,
  startRollout,
} from "@signalbox/db/prisma";
import { latestVerdict } from "@signalbox/evals";
import { openListener } from "@signalbox/listener";
import { type Block, NewApiKey, type Rollout } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDeliveryTools } from "./openDeliveryTools.ts";

const [STABLE, CANDIDATE, OTHER] = [aVersion("1.0.0"), aVersion("1.1.0"), aVersion("1.2.0")];
const NOW = new Date("2026-11-27T12:00:00.000Z");
const ADA = { actor: "ada", now: NOW };
const log = pino({ level: "silent" });

let stores: TestStores;
let prisma: PrismaClient;
let rollout: Rollout;
let projects = 0;
let project: string;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  for (const version of [STABLE, CANDIDATE, OTHER]) await registerAgentVersion(prisma, version, { now: NOW, isServed: true });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** Starts a rollout at its first step in a new project. */
async function begin(): Promise<void> {
  projects += 1;
  project = `shop-${projects}`;
  await createProject(prisma, { name: project, organisation: "o", environments: ["production"] }, NOW);
  await changeRouting(prisma, project, { stable: STABLE.name }, ADA);
  rollout = await startRollout(prisma, { project, policy: aGatePolicy(), candidate: CANDIDATE.name }, ADA);
}

/** The controller's listener with only the delivery tools' routes. */
async function openGates() {
  const metrics = new Registry();
  const tools = await openDeliveryTools({ prisma, clock: () => NOW.getTime(), log, metrics, gates: null, github: null, http: fetch });
  const listener = await openListener({ port: 0, bodyMaxBytes: 10_000, log, metrics, isReady: async () => true, routes: tools.routes });
  return {
    url: listener.url,
    gate: `${listener.url}/v1/gates/${rollout.gate}`,
    async [Symbol.asyncDispose]() {
      await listener.close();
      await tools.close();
    },
  };
}

/** Records a look in which every unit of the candidate failed. */
async function lookAtHarm(): Promise<void> {
  const record = await readRolloutRecord(prisma, rollout.id);
  const metrics = aGatePolicy().spec.canary?.metrics ?? [];
  const tallies = { candidate: { n: 10, sum: 0, sumSquares: 0 }, stable: { n: 10, sum: 10, sumSquares: 10 } };
  const blocks: Block[] = Array.from({ length: 40 }, () => ({
    ...{ step: 0, share: 0.5, units: { candidate: 10, stable: 10 } },
    means: Object.fromEntries(metrics.filter(({ kind }) => kind !== "count").map(({ name }) => [name, tallies])),
    counts: Object.fromEntries(metrics.filter(({ kind }) => kind === "count").map(({ name }) => [name, { candidate: 0, stable: 0 }])),
  }));
  const verdict = latestVerdict(record.rollout, blocks, NOW.getTime());
  const found = { at: NOW.toISOString(), blocks, verdict, move: null, waiting: 0, crossed: 0, ignored: 0 };
  await recordLook(prisma, record, found, NOW);
}

const payload = (checksum: string) => ({ name: "shop", namespace: "agents", phase: "Progressing", checksum, metadata: { project } });

async function ask(gate: string, question: string, checksum = "c1"): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(`${gate}/flagger/${question}`, { method: "POST", headers, body: JSON.stringify(payload(checksum)) })).status;
}

test("Argo, a scrape and a query all report the rollout in the store", async () => {
  await begin();
  await using gates = await openGates();
  const argo = async (canary = CANDIDATE.name) => {
    const answer = await fetch(`${gates.gate}/argo?project=${project}&canary=${canary}&stable=${STABLE.name}`);
    return ((await answer.json()) as { data: object }).data;
  };
  expect(await argo()).toMatchObject({ decision: "hold", phase: "running", nCanary: 0, eHarm: 1 });
  expect(await argo("1.1.0")).toMatchObject({ phase: "running", canary: CANDIDATE.name });
  expect(await argo("1.1")).toMatchObject({ phase: "none" });
  await lookAtHarm();
  expect(await argo()).toMatchObject({ decision: "rollback", nCanary: 400, nStable: 400 });
  const [scrape, query] = await Promise.all(
    ["/metrics", `/api/v1/query?query=agent_gate_decision{project="${project}"}`].map(async (path) =>
      (await fetch(gates.url + path)).text(),
    ),
  );
  expect(scrape).toMatch(new RegExp(`agent_gate_decision\\{project="${project}".*\\} -1`));
  expect(query).toContain('"-1"');
});

test("the stage of a canary survives a restart, and a rollout judges one revision", async () => {
  await begin();
  {
    await using gates = await openGates();
    expect([await ask(gates.gate, "offline"), await ask(gates.gate, "advance"), await ask(gates.gate, "advance")]).toEqual([200, 200, 403]);
  }
  await using gates = await openGates();
  expect([await ask(gates.gate, "advance"), await ask(gates.gate, "advance", "c2"), await ask(gates.gate, "offline", "c2")]).toEqual([
    403, 403, 403,
  ]);
  expect([await ask(gates.gate, "begin"), await ask(gates.gate, "advance")]).toEqual([200, 200]);
  await actOnRollout(prisma, rollout.id, { act: "promote", reason: "so it is" }, ADA);
  expect([await ask(gates.gate, "promote"), await ask(gates.gate, "promote", "c2"), await ask(gates.gate, "rollback")]).toEqual([
    200, 403, 403,
  ]);
});

test("a promotion with a later rollout opens nothing: it does not apply to the current stable version", async () => {
  await begin();
  await actOnRollout(prisma, rollout.id, { act: "promote", reason: "so it is" }, ADA);
  const later = { actor: "ada", now: new Date(NOW.getTime() + 60_000) };
  await startRollout(prisma, { project, policy: aGatePolicy(), candidate: STABLE.name }, later);
  await using gates = await openGates();
  const ask = async (canary: string) => {
    const answer = await fetch(`${gates.gate}/argo?project=${project}&canary=${canary}`);
    return { status: answer.status, body: await answer.json() };
  };
  // It is the stable version now, not a candidate.
  expect(await ask(CANDIDATE.name)).toMatchObject({ status: 400 });
  await startRollout(
    prisma,
    { project, policy: aGatePolicy(), candidate: OTHER.name, replace: { reason: "another" } },
    { ...later, now: new Date(NOW.getTime() + 120_000) },
  );
  expect(await ask(STABLE.name)).toMatchObject({ status: 200, body: { data: { decision: "rollback", phase: "aborted" } } });
  expect(await ask("9.9.9")).toMatchObject({ status: 200, body: { data: { decision: "hold", phase: "none" } } });
});

test("simultaneous requests take one step together", async () => {
  await begin();
  await using gates = await openGates();
  const asked = await Promise.all(Array.from({ length: 6 }, () => ask(gates.gate, "advance")));
  expect(asked.filter((status) => status === 200)).toHaveLength(1);
});

test("Flagger's events are recorded, and only its project's key is accepted", async () => {
  await begin();
  await using gates = await openGates();
  expect(await ask(gates.gate, "event")).toBe(200);
  expect(await prisma.deliveryEventRow.count({ where: { project, gate: rollout.gate } })).toBe(1);
  const keyFor = async (of: string) => {
    const { credentials } = await createApiKey(prisma, NewApiKey.parse({ project: of, name: "argo", scopes: ["gate"] }), NOW);
    return (await fetch(`${gates.gate}/argo?canary=${CANDIDATE.name}`, { headers: { authorization: `Bearer ${credentials.secret}` } }))
      .status;
  };
  expect([await keyFor(project), await keyFor("default")]).toEqual([200, 404]);
});

test("an unreadable rollout is reported, and hides no other gate's numbers", async () => {
  await begin();
  const broken = project;
  await begin();
  await prisma.$executeRaw`UPDATE rollout SET policy = '{}'::json WHERE project = ${broken}`;
  await using gates = await openGates();
  const scrape = await (await fetch(`${gates.url}/metrics`)).text();
  expect(scrape).toContain(`agent_gate_unreadable{project="${broken}",gate="${rollout.gate}"} 1`);
  expect(scrape).toMatch(new RegExp(`agent_gate_decision\\{project="${project}".*\\} 0`));
  expect(scrape).not.toMatch(new RegExp(`agent_gate_decision\\{project="${broken}"`));
  await prisma.$executeRaw`UPDATE rollout SET policy = ${JSON.stringify(aGatePolicy())}::json WHERE project = ${broken}`;
});

test("the listener for other machines requires a key, and serves gates only", async () => {
  await begin();
  const [metrics, port] = [new Registry(), await freePort()];
  const gates = { address: "127.0.0.1", port };
  const tools = await openDeliveryTools({ prisma, clock: () => NOW.getTime(), log, metrics, gates, github: null, http: fetch });
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
  const path = `/v1/gates/${rollout.gate}/argo?canary=${CANDIDATE.name}`;
  const { credentials } = await createApiKey(prisma, NewApiKey.parse({ project, name: "argo", scopes: ["gate"] }), NOW);
  const authorization = `Bearer ${credentials.secret}`;
  expect([
    await statusOf(path),
    await statusOf(path, { authorization: "Bearer sbx_wrong" }),
    await statusOf(path, { authorization }),
  ]).toEqual([401, 401, 200]);
  expect([await statusOf("/healthz"), await statusOf("/v1/gates/check", { authorization })]).toEqual([200, 404]);
  const scrape = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(scrape).not.toContain("agent_gate");
  await tools.close();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});
