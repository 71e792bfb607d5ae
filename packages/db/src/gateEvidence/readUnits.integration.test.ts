import type { ClickHouseClient } from "@clickhouse/client";
import { type AssignmentUnit, GatePolicy, newId, type Score, type UnitEvent } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClickHouse, insertTelemetry, linesOf, scoreRow } from "../clickhouse/index.ts";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, type PrismaClient } from "../prisma/index.ts";
import { aSpan, storeSpans } from "../testing/index.ts";
import { readUnits } from "./index.ts";

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const START = Date.parse("2026-11-23T12:00:00Z");
const LAG_MS = 60_000;
const at = (second: number): number => START + second * 1_000;

const policyOf = (metrics: object[], spec: object = {}) =>
  GatePolicy.parse({
    ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "gate" } },
    spec: { ...spec, canary: { steps: [{ setWeight: 50, minUnits: 1 }], onMissing: { scoringLag: "60s" }, metrics } },
  });
const guardrail = (name: string, kind: object = { kind: "binary" }) => ({
  ...{ name, role: "guardrail", nonInferiorityMargin: 0.1 },
  ...kind,
});
const POLICY = policyOf([
  guardrail("reward"),
  guardrail("helpful", { kind: "score", range: [0, 5] }),
  guardrail("latency_over_10s", { kind: "binary", direction: "decrease" }),
  guardrail("cost_usd", { kind: "bounded", cap: 1, direction: "decrease" }),
  { name: "errors", role: "signal", kind: "count" },
  { name: "dlq", role: "guardrail", kind: "count" },
]);

/** A rollout of a project of its own: half of the units from the first second on, and a fifth step of 80 % from the hundredth. */
const windowOf = (project: string, untilS = 10_000) => ({
  ...{ project, stable: "v1", candidate: "v2", since: new Date(START), until: new Date(at(untilS)) },
  weights: [
    { from: new Date(START), step: 0, weight: 50 },
    { from: new Date(at(100)), step: 1, weight: 80 },
  ],
});
const read = (project: string, { policy = POLICY, untilS = 10_000 } = {}) =>
  readUnits({ prisma, clickhouse }, windowOf(project, untilS), policy);

/** A task of a session on the candidate, admitted at a given second, that took two seconds. */
async function aTask(
  project: string,
  given: {
    session?: string;
    user?: string;
    unit?: AssignmentUnit;
    variant?: string;
    version?: string;
    weight?: number;
    second?: number;
    lastsS?: number | null;
    createdAt?: Date;
  },
): Promise<{ id: string; traceId: string }> {
  const { variant = "candidate", second = 10, lastsS = 2 } = given;
  const id = newId();
  const traceId = id.replaceAll("-", "");
  const status = lastsS === null ? "running" : "done";
  await prisma.task.create({
    data: {
      ...{
        id,
        project,
        name: "t",
        world: "w",
        status,
        request: {},
        requestHash: "h",
        hasExpectation: true,
        traceId,
        headSeq: 0,
        headHash: "h",
      },
      ...{ session: given.session ?? null, userId: given.user ?? null, bucket: 1, weight: given.weight ?? null, tags: [] },
      unit: given.unit ?? (given.session !== undefined ? "session" : given.user !== undefined ? "user" : "task"),
      ...{ variant, version: given.version ?? (variant === "stable" ? "v1" : "v2") },
      ...{ createdAt: given.createdAt ?? new Date(at(second)), admittedAt: new Date(at(second)) },
      finishedUs: lastsS === null ? null : BigInt(at(second + lastsS)) * 1_000n,
    },
  });
  return { id, traceId };
}

async function evaluate(taskId: string, reward: number, second: number): Promise<void> {
  const data = { taskId, reward, dataMatches: true, outputsMatch: true, dataHash: "h", evaluatedAt: new Date(at(second)) };
  await prisma.evaluationRow.create({ data });
}

/** A score that arrived at a second. */
async function score(project: string, traceId: string, value: number, second: number, given: Partial<Score> = {}): Promise<void> {
  const time = new Date(at(second)).toISOString();
  const full = { project, traceId, spanId: null, name: "helpful", value, label: "", explanation: "", scorer: "s", time, ...given };
  const row = scoreRow(full, { source: "otlp_logs_http", receivedAtUs: at(second) * 1_000 });
  expect(await insertTelemetry(clickhouse, { table: "scores", body: linesOf([row]), token: newId() })).toEqual({ kind: "stored" });
}

async function call(project: string, traceId: string, costUsd: number | null, second: number, spanId = "aaaaaaaaaaaaaaaa"): Promise<void> {
  const span = { ...aSpan({ project, kind: "llm", costUsd, atMs: 11_000 }), traceId, spanId };
  await storeSpans(clickhouse, [span], at(second) * 1_000);
}

/** Dead-letters a task at a second. */
async function aDeadLetter(project: string, taskId: string, traceId: string, second: number): Promise<void> {
  const told = {
    errorClass: "E",
    errorChain: [],
    fingerprint: "f",
    message: "m",
    payload: {},
    attempts: [],
    versions: [],
    decisionSeq: 0,
    decisionHash: "h",
  };
  const when = { firstFailedAt: new Date(at(second - 2)), lastFailedAt: new Date(at(second)) };
  await prisma.deadLetter.create({
    data: { id: newId(), kind: "task", taskId, run: 1, project, cause: "not_retryable", service: "s", traceId, ...told, ...when },
  });
}

const valuesOf = (events: readonly UnitEvent[]) =>
  Object.fromEntries(events.map((event) => [event.kind === "value" ? event.metric : "dead", event.kind === "value" ? event.value : true]));

/** The metrics of a unit that was served without anything bad happening. */
const QUIET = { errors: 0, dlq: 0 };

test("a session is exposed by its first task, and what its tasks came to are its events", async () => {
  const first = await aTask("whole", { session: "s", second: 10 });
  const second = await aTask("whole", { session: "s", second: 20, lastsS: 5 });
  for (const { id, traceId } of [first, second]) {
    await evaluate(id, id === first.id ? 1 : 0, 30);
    await call("whole", traceId, 0.25, 26);
    await score("whole", traceId, id === first.id ? 5 : 2, 31);
  }
  expect(await read("whole")).toEqual({
    exposures: [{ unit: "session:s", arm: "candidate", step: 0, share: 0.5, at: at(10) }],
    events: [
      { kind: "value", unit: "session:s", metric: "reward", value: 0.5, at: at(30) },
      { kind: "value", unit: "session:s", metric: "helpful", value: 3.5, at: at(31) },
      { kind: "value", unit: "session:s", metric: "latency_over_10s", value: 0, at: at(25), tookMs: 5_000 },
      { kind: "value", unit: "session:s", metric: "cost_usd", value: 0.5, at: at(26) },
      { kind: "value", unit: "session:s", metric: "errors", value: 0, at: at(70) },
      { kind: "value", unit: "session:s", metric: "dlq", value: 0, at: at(70) },
    ],
  });
});

test("deliveries that come twice count once, and of a trace's scores the latest", async () => {
  const { traceId } = await aTask("twice", { session: "s" });
  await call("twice", traceId, 0.25, 15);
  await call("twice", traceId, 0.25, 16);
  await score("twice", traceId, 1, 13);
  await score("twice", traceId, 1, 13);
  await score("twice", traceId, 4, 14, { scorer: "another" });
  await score("twice", traceId, 2, 15, { spanId: "bbbbbbbbbbbbbbbb" });
  expect(valuesOf((await read("twice")).events)).toEqual({ helpful: 4, latency_over_10s: 0, cost_usd: 0.25, ...QUIET });
});

test("what is known after a unit was settled does not count, whenever it is read", async () => {
  const { id, traceId } = await aTask("late", { session: "s" });
  await evaluate(id, 1, 10 + LAG_MS / 1_000 + 1);
  await score("late", traceId, 5, 71);
  await call("late", traceId, 0.5, 69);
  await call("late", traceId, 0.5, 71, "cccccccccccccccc");
  await aTask("late", { session: "s", second: 71, lastsS: 40 });
  const then = await read("late", { untilS: 70.5 });
  expect(valuesOf(then.events)).toEqual({ latency_over_10s: 0, cost_usd: 0.5, ...QUIET });
  expect(await read("late")).toEqual(then);
});

test("a session that is in both arms is exposed in both, first where it was first", async () => {
  await aTask("crossed", { session: "s", variant: "stable", second: 10 });
  await aTask("crossed", { session: "s", variant: "candidate", second: 12 });
  const { exposures } = await read("crossed");
  expect(exposures.map(({ unit, arm }) => [unit, arm])).toEqual([
    ["session:s", "stable"],
    ["session:s", "candidate"],
  ]);
});

test("a session that nobody scored has no score, and one that is at work for too long is late", async () => {
  await aTask("open", { session: "s", lastsS: null });
  expect(valuesOf((await read("open")).events)).toEqual({ latency_over_10s: 1 });
  expect(valuesOf((await read("open", { untilS: 15 })).events)).toEqual({});
});

test("a dead letter is a death, an event of dlq, and a failed attempt one of errors", async () => {
  const { id: taskId, traceId } = await aTask("dead", { session: "s" });
  await prisma.attempt.create({
    data: {
      taskId,
      attempt: 1,
      run: 1,
      worker: "w",
      version: "v2",
      startedAt: new Date(at(10)),
      endedAt: new Date(at(12)),
      outcome: "failed",
    },
  });
  await aDeadLetter("dead", taskId, traceId, 14);
  expect((await read("dead")).events).toEqual([
    { kind: "value", unit: "session:s", metric: "latency_over_10s", value: 0, at: at(12), tookMs: 2_000 },
    { kind: "value", unit: "session:s", metric: "errors", value: 1, at: at(12) },
    { kind: "value", unit: "session:s", metric: "dlq", value: 1, at: at(14) },
    { kind: "dead", unit: "session:s", at: at(14) },
  ]);
});

test("that nothing failed is known of a share of units once they are settled", async () => {
  await aTask("quiet", { session: "s" });
  const policy = policyOf([guardrail("errors", { kind: "binary", direction: "decrease" })]);
  expect((await read("quiet", { policy })).events).toEqual([{ kind: "value", unit: "session:s", metric: "errors", value: 0, at: at(70) }]);
  expect((await read("quiet", { policy, untilS: 60 })).events).toEqual([]);
});

test("of a unit whose first task has not ended in all of its time nobody knows that nothing failed", async () => {
  const events = [guardrail("errors", { kind: "binary", direction: "decrease" }), { name: "thumbs_down", role: "signal", kind: "count" }];
  const policy = policyOf([...events, { name: "dlq", role: "guardrail", kind: "count" }]);
  await aTask("unserved", { session: "s", lastsS: null });
  await aTask("unserved", { session: "s", second: 20 });
  await aTask("unserved", { session: "late", lastsS: LAG_MS / 1_000 + 1 });
  expect((await read("unserved", { policy })).events).toEqual([]);
  await aTask("served", { session: "s" });
  await aTask("served", { session: "s", second: 20, lastsS: null });
  expect(valuesOf((await read("served", { policy })).events)).toEqual({ errors: 0, thumbs_down: 0, dlq: 0 });
});

test("without a session the user is the unit, and without either the task", async () => {
  const { id } = await aTask("alone", { second: 10 });
  await aTask("alone", { user: "u", second: 11 });
  await aTask("alone", { user: "u", session: "s", second: 12 });
  expect((await read("alone")).exposures.map(({ unit }) => unit)).toEqual([`task:${id}`, "user:u", "session:s"]);
});

test("a policy by users counts who was drawn as a user, whatever their sessions, and nobody else", async () => {
  await aTask("users", { second: 10 });
  await aTask("users", { session: "s", second: 11, unit: "task" });
  await aTask("users", { user: "u", session: "s", second: 12, unit: "user" });
  await aTask("users", { user: "u", session: "another", second: 13, unit: "user" });
  await aTask("users", { user: "v", session: "older", second: 14, unit: "session" });
  const policy = policyOf([guardrail("reward")], { unit: "user" });
  expect((await read("users", { policy })).exposures.map(({ unit }) => unit)).toEqual(["user:u"]);
});

test("a unit belongs to the step whose weight its gateway went by, however late that heard of the next", async () => {
  await aTask("heard", { session: "before the start", weight: 0, second: 10 });
  await aTask("heard", { session: "at once", weight: 80, second: 101 });
  await aTask("heard", { session: "late", weight: 50, second: 150 });
  expect((await read("heard")).exposures).toMatchObject([
    { unit: "session:at once", step: 1, share: 0.8 },
    { unit: "session:late", step: 0, share: 0.5 },
  ]);
});

test("what becomes of a unit in the arm that it moved to is not told of the arm that it was exposed to", async () => {
  const { id } = await aTask("moved", { session: "s", variant: "stable", second: 10 });
  const { id: taskId, traceId } = await aTask("moved", { session: "s", variant: "candidate", second: 20, lastsS: 30 });
  await evaluate(id, 1, 15);
  await evaluate(taskId, 0, 55);
  await aDeadLetter("moved", taskId, traceId, 50);
  expect(valuesOf((await read("moved")).events)).toEqual({ reward: 1, latency_over_10s: 0, ...QUIET });
});

test("who names its version, is of another rollout, or came before a weight was followed everywhere is no unit of it", async () => {
  await aTask("others", { session: "named", variant: "named" });
  await aTask("others", { session: "older", version: "v0" });
  await aTask("others", { session: "before", second: -5 });
  await aTask("others", { session: "moving", second: 1 });
  await aTask("others", { session: "moving", second: 50 });
  await aTask("others", { session: "later", second: 103 });
  expect((await read("others")).exposures).toEqual([{ unit: "session:later", arm: "candidate", step: 1, share: 0.8, at: at(103) }]);
});

test("the store's clock says when a task was admitted, however wrong a gateway's is", async () => {
  await aTask("skewed", { session: "s", second: 103, createdAt: new Date(at(-600)) });
  expect((await read("skewed")).exposures).toMatchObject([{ step: 1, at: at(103) }]);
});

test("a call whose price is not known, and a trace that has told nothing, leave the cost open", async () => {
  const { traceId } = await aTask("unpriced", { session: "s" });
  await aTask("unpriced", { session: "silent" });
  await call("unpriced", traceId, null, 15);
  expect((await read("unpriced")).events.filter((event) => event.kind === "value" && event.metric === "cost_usd")).toEqual([]);
});

test("a policy without a canary is refused", async () => {
  const offline = { dataset: "d", metrics: [{ name: "m", kind: "binary", nonInferiorityMargin: 0.1 }] };
  const policy = GatePolicy.parse({ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "gate" }, spec: { offline } });
  await expect(read("nobody", { policy })).rejects.toMatchObject({ code: "invalid_input" });
});
