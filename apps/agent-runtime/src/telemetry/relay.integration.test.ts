import {
  countJournal,
  countOutbox,
  createProject,
  listStepsOf,
  listTaskRecords,
  openPassingKeys,
  type PassingKeys,
  type PrismaClient,
} from "@signalbox/db/prisma";
import { DECISION_EVENT, DEFAULT_PROJECT, NewProject, spanIdOf, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCollectorStub, type Sent } from "../testing/collectorStub.ts";
import { anAdmittedTask, aRunner, DATA, openStage } from "../testing/stage.ts";
import { until } from "../testing/testRuntime.ts";
import { runTask } from "../worker/runTask.ts";
import { openProjectSenders } from "./projectSenders.ts";
import { openRelay } from "./relay.ts";
import { openSpanMaker } from "./spanMaker.ts";
import { spanOf } from "./spanOf.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let prisma: PrismaClient;

beforeAll(async () => {
  stage = await openStage();
  prisma = stage.prisma;
});
afterAll(() => stage[Symbol.asyncDispose]());

const [RESERVATION] = Object.values(DATA.reservations);
const MESSAGE = `Look up trip ${RESERVATION?.reservation_id} for me? I am ${RESERVATION?.user_id}.`;

async function aFinishedTask(project = DEFAULT_PROJECT): Promise<string> {
  const id = await anAdmittedTask(prisma, { project, message: MESSAGE, session: "s", user: "u", tags: ["demo"] });
  await runTask(aRunner(prisma), id);
  return id;
}

function relayTo(url: string, key?: string, keys: PassingKeys | null = null) {
  const senders = openProjectSenders(url, key, keys);
  const relay = openRelay({ prisma, senders, log: pino({ level: "silent" }), metrics: new Registry() });
  return { [Symbol.asyncDispose]: relay.close };
}

async function emptyOutbox(): Promise<void> {
  await until("an empty outbox", async () => (await countOutbox(prisma)).waiting === 0);
}

/** How often a span's id occurs in the sent requests; ids travel as bytes. */
function timesTold(sent: readonly Sent[], spanId: string): number {
  const id = Buffer.from(spanId, "hex");
  // 0x12 0x08: field 2 of a span, eight bytes long. A parent's id is field 4.
  const field = Buffer.concat([Buffer.from([0x12, 0x08]), id]);
  return sent
    .filter(({ path }) => path === "/v1/traces")
    .reduce((times, { body }) => times + body.toString("latin1").split(field.toString("latin1")).length - 1, 0);
}

test("every step and every decision is sent once, and then the outbox is empty", async () => {
  await using collector = await openCollectorStub(() => 200);
  const id = await aFinishedTask();
  await using _relay = relayTo(collector.url);
  await emptyOutbox();

  const [counts] = await countJournal(prisma, [id]);
  const [steps = []] = (await listStepsOf(prisma, [id])).values();
  expect(counts?.spans).toBe(steps.length + 1);
  for (const position of [0, ...steps.map(({ step }) => step)]) expect(timesTold(collector.sent, spanIdOf(id, position))).toBe(1);
  const logs = collector.sent.filter(({ path }) => path === "/v1/logs").map(({ body }) => body.toString("latin1"));
  expect(logs.join("").split(DECISION_EVENT).length - 1).toBe(counts?.decisions);
});

test("a key is sent where one is needed, and unsent telemetry waits for the right key", async () => {
  let refused = 0;
  await using collector = await openCollectorStub(({ authorization }) => {
    if (authorization === "Bearer sbx_right") return 200;
    refused += 1;
    return 401;
  });
  const id = await aFinishedTask();
  {
    await using _relay = relayTo(collector.url, "sbx_wrong");
    await until("a try", async () => refused > 0);
  }
  expect((await countOutbox(prisma)).waiting).toBeGreaterThan(0);
  await using _relay = relayTo(collector.url, "sbx_right");
  await emptyOutbox();
  expect(timesTold(collector.sent, spanIdOf(id, 0))).toBe(1);
  expect(collector.sent.some(({ path }) => path === "/v1/logs")).toBe(true);
});

test("a project's telemetry is sent with a key of its own, which goes with the relay", async () => {
  await using collector = await openCollectorStub(() => 200);
  await createProject(prisma, NewProject.parse({ name: "shop" }), new Date());
  const ofDefault = await aFinishedTask();
  const ofShop = await aFinishedTask("shop");
  const ofNobody = await aFinishedTask("gone");
  {
    await using _relay = relayTo(collector.url, "sbx_default", openPassingKeys(prisma, { use: "relay", scopes: ["ingest"] }, Date.now));
    await emptyOutbox();
    expect(await prisma.apiKeyRow.findMany({ select: { project: true, scopes: true } })).toEqual([{ project: "shop", scopes: ["ingest"] }]);
  }
  expect(await prisma.apiKeyRow.count()).toBe(0);

  const [withDefault, withOther] = [true, false].map((isDefault) =>
    collector.sent.filter(({ authorization }) => (authorization === "Bearer sbx_default") === isDefault),
  );
  expect(timesTold(withDefault ?? [], spanIdOf(ofDefault, 0))).toBe(1);
  expect(timesTold(withDefault ?? [], spanIdOf(ofShop, 0))).toBe(0);
  expect(timesTold(withOther ?? [], spanIdOf(ofShop, 0))).toBe(1);
  expect(timesTold(collector.sent, spanIdOf(ofNobody, 0))).toBe(0);
  const aside = await prisma.outbox.findMany();
  expect(new Set(aside.map(({ taskId }) => taskId))).toEqual(new Set([ofNobody]));
  expect(aside[0]?.refusedReason).toContain("gone");
  await prisma.outbox.deleteMany();
});

test("while the collector is away everything waits; then it arrives, unchanged", async () => {
  let isAway = true;
  let tries = 0;
  await using collector = await openCollectorStub(() => {
    tries += 1;
    return isAway ? 503 : 200;
  });
  const id = await aFinishedTask();
  await using _relay = relayTo(collector.url);
  await until("a try", async () => tries > 0);
  expect((await countOutbox(prisma)).waiting).toBeGreaterThan(0);
  isAway = false;
  await emptyOutbox();
  expect(timesTold(collector.sent, spanIdOf(id, 0))).toBe(1);
});

test("telemetry that is sent again after a crash is the same to the byte", async () => {
  const id = await aFinishedTask();
  const tell = async (): Promise<Buffer[]> => {
    await using collector = await openCollectorStub(() => 200);
    await using _relay = relayTo(collector.url);
    await emptyOutbox();
    return collector.sent.map(({ body }) => body);
  };
  const owed = await prisma.outbox.findMany({ orderBy: { id: "asc" } });
  const first = await tell();
  await prisma.outbox.createMany({ data: owed });
  expect(await tell()).toEqual(first);
  expect(first.length).toBeGreaterThan(0);
  expect((await countJournal(prisma, [id]))[0]?.spans).toBeGreaterThan(3);
});

test("a span that the collector refuses for good is put aside, and holds up no other", async () => {
  const id = await aFinishedTask();
  const bad = Buffer.from(spanIdOf(id, 2), "hex");
  await using collector = await openCollectorStub(({ path, body }) =>
    path === "/v1/traces" && body.includes(Buffer.concat([Buffer.from([0x12, 0x08]), bad])) ? 400 : 200,
  );
  await using _relay = relayTo(collector.url);
  await emptyOutbox();
  expect(await prisma.outbox.findMany()).toMatchObject([{ taskId: id, decisions: [], spans: [2], refusedReason: expect.any(String) }]);
  for (const position of [0, 1, 3]) expect(timesTold(collector.sent, spanIdOf(id, position))).toBe(1);
  await prisma.outbox.deleteMany();
});

test("spans say what the GenAI conventions ask for", async () => {
  const id = await aFinishedTask();
  const [task] = await listTaskRecords(prisma, [id]);
  const [steps = []] = (await listStepsOf(prisma, [id])).values();
  if (task === undefined) throw new Error("no task");
  const make = openSpanMaker();
  const spans = [0, ...steps.map(({ step }) => step)].flatMap((position) => {
    const facts = spanOf(task, steps, position);
    return facts === null ? [] : [make(facts)];
  });
  expect(spans.map(({ name }) => name)).toEqual([
    "invoke_agent airline-agent",
    "understand",
    "search_memory",
    "plan airline-agent",
    "execute_tool get_reservation_details",
    "plan airline-agent",
    "update_memory",
  ]);
  const [root, , , plan, tool] = spans;
  expect(root?.spanContext()).toMatchObject({ traceId: traceIdOf(id), spanId: spanIdOf(id, 0) });
  expect(root?.parentSpanContext).toBeUndefined();
  expect(tool?.parentSpanContext?.spanId).toBe(spanIdOf(id, 0));
  expect(tool?.resource.attributes["service.name"]).toBe("signalbox-tools");
  expect(tool?.attributes).toMatchObject({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "get_reservation_details",
    "gen_ai.tool.call.arguments": JSON.stringify({ reservation_id: RESERVATION?.reservation_id }),
    "gen_ai.tool.call.result": expect.stringContaining('"reservation_id"'),
    "gen_ai.conversation.id": "s",
    "user.id": "u",
    "signalbox.tags": ["demo"],
    "signalbox.task.id": id,
  });
  expect(JSON.parse(String(plan?.attributes["gen_ai.input.messages"]))).toEqual([
    { role: "user", parts: [{ type: "text", content: MESSAGE }] },
  ]);
});

test("a recorded model's spans carry the whole conversation so far, with estimated tokens", async () => {
  const toolCall = { id: "call_1", name: "calculate", arguments: { expression: "2 + 3" } };
  const turns = [
    { role: "assistant" as const, content: "Let me see.", toolCall },
    { role: "assistant" as const, content: "It is 5.", toolCall: null },
    { role: "user" as const, content: "Thanks! ###STOP###" },
  ];
  const planner = { kind: "recorded" as const, model: "gpt-4o", provider: "openai", system: "Be exact.", turns };
  const id = await anAdmittedTask(prisma, { message: "What is 2 + 3?", planner });
  await runTask(aRunner(prisma), id);
  const [task] = await listTaskRecords(prisma, [id]);
  const [steps = []] = (await listStepsOf(prisma, [id])).values();
  if (task === undefined) throw new Error("no task");
  expect(task.result).toEqual({ answers: ["It is 5."], toolCalls: [{ ...toolCall, id: undefined, output: "5.0" }], ended: true, steps: 2 });

  const chats = steps.flatMap(({ step, stage: { kind } }) => (kind === "move" ? [spanOf(task, steps, step)] : []));
  expect(chats[1]).toMatchObject({ name: "chat gpt-4o", isClient: true });
  const attributes = chats[1]?.attributes ?? {};
  expect(attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.system_instructions": '[{"type":"text","content":"Be exact."}]',
    "gen_ai.usage.output_tokens": 2,
    "signalbox.usage.estimated": true,
  });
  expect(JSON.parse(String(attributes["gen_ai.input.messages"]))).toEqual([
    { role: "user", parts: [{ type: "text", content: "What is 2 + 3?" }] },
    {
      role: "assistant",
      parts: [
        { type: "text", content: "Let me see." },
        { type: "tool_call", id: "call_1", name: "calculate", arguments: { expression: "2 + 3" } },
      ],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: "5.0" }] },
  ]);
  expect(JSON.parse(String(attributes["gen_ai.output.messages"]))).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "It is 5." }], finish_reason: "stop" },
  ]);
  await prisma.outbox.deleteMany();
});
