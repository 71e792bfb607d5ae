import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listDeadLetters, listDecisions, listSteps, listTaskRecords, putKnowledge } from "@signalbox/db/prisma";
import { openEmbedder } from "@signalbox/knowledge";
import { type Decision, KEYS, newId, type TaskRequest, verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { spanOf } from "./telemetry/spanOf.ts";
import { inTurn, openModelStub, STUB_MODEL, type StubAnswer } from "./testing/modelStub.ts";
import { aRequest, DATA, openStage } from "./testing/stage.ts";
import { finished, forkRuntime, openTestRuntime, postTask, runtimeEnv, until } from "./testing/testRuntime.ts";

const KEY = "sk-nobody-may-see-this";

let stage: Awaited<ReturnType<typeof openStage>>;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const [RESERVATION] = Object.values(DATA.reservations);
const LOOK_UP = { name: "get_reservation_details", arguments: JSON.stringify({ reservation_id: RESERVATION?.reservation_id }) };
const LOOKING_UP: StubAnswer = { kind: "says", calls: [LOOK_UP], usage: { prompt_tokens: 1_000, completion_tokens: 30 } };
const DONE: StubAnswer = { kind: "says", content: "It is booked.", usage: { prompt_tokens: 1_400, completion_tokens: 10 } };
const UNCLEAR = "Wann öffnet die Lounge?";

function envOf(url: string, env: Record<string, string> = {}): Record<string, string> {
  return { SIGNALBOX_LLM_URL: url, SIGNALBOX_LLM_KEY: KEY, SIGNALBOX_LLM_MODEL: "gpt-4o-mini", SIGNALBOX_LLM_RETRIES: "0", ...env };
}

/** Posts a task, waits for its end, and returns everything recorded about it. */
async function play(gatewayUrl: string, request: Partial<TaskRequest>) {
  const posted = aRequest({ message: `What do you know of ${RESERVATION?.reservation_id}?`, planner: { kind: "llm" }, ...request });
  expect((await postTask(gatewayUrl, posted)).status).toBe(201);
  const id = String(posted.id);
  const task = await finished(gatewayUrl, id);
  const [record] = await listTaskRecords(stage.prisma, [id]);
  const [decisions, steps] = [await listDecisions(stage.prisma, id), await listSteps(stage.prisma, id)];
  if (record === undefined) throw new Error(`no task ${id}`);
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  return { id, task, record, decisions, steps, letters: await listDeadLetters(stage.prisma, id) };
}

/** Plays one task on a runtime of its own whose model is a stub. */
async function playWith(answers: readonly StubAnswer[], env: Record<string, string> = {}, request: Partial<TaskRequest> = {}) {
  await using stub = await openModelStub(inTurn(...answers));
  await using runtime = await openTestRuntime(stage.stores, envOf(stub.url, env));
  return { ...(await play(runtime.config.gatewayUrl, request)), asked: stub.asked };
}

function chosenIn(decisions: readonly Decision[]): string[] {
  return decisions.map(({ kind, chosen }) => `${kind}: ${chosen}`);
}

test("a model plans a task: it calls a tool, reads its answer, and answers the customer", async () => {
  const { task, decisions, asked } = await playWith([LOOKING_UP, DONE]);
  expect(task).toMatchObject({ status: "done", result: { ended: true, steps: 2, answers: ["It is booked."] } });
  expect(task.result?.toolCalls[0]?.output).toContain(RESERVATION?.user_id);
  expect(chosenIn(decisions)).toEqual([
    "routed: llm",
    "understood: unknown",
    "recalled: 0 turns",
    "planned: call get_reservation_details",
    "tool_called: get_reservation_details",
    "planned: reply",
    "answered: reply",
    "planned: stop",
  ]);
  expect(asked).toHaveLength(2);
  expect(asked[0]?.body.tools).toHaveLength(14);
  expect(asked[1]?.body.messages.at(-1)).toMatchObject({ role: "tool", content: expect.stringContaining(String(RESERVATION?.user_id)) });
});

test("decision and span say which model, prompt and tools it was, the tokens that were reported, and what that costs", async () => {
  const { record, steps, decisions } = await playWith([LOOKING_UP, DONE]);
  const model = decisions.find(({ kind }) => kind === "planned")?.detail.model;
  const costUsd = expect.closeTo((1_000 * 0.15 + 30 * 0.6) / 1e6, 12);
  const hash = expect.stringMatching(/^[0-9a-f]{12}$/);
  expect(model).toMatchObject({ asked: "gpt-4o-mini", answered: STUB_MODEL, inputTokens: 1_000, outputTokens: 30, isEstimate: false });
  expect(model).toMatchObject({ costUsd, prompt: { name: "airline", version: "1", hash }, toolsHash: hash });

  const place = steps.findIndex(({ stage: { kind } }) => kind === "move") + 1;
  const span = spanOf(record, steps, place);
  expect(span).toMatchObject({ name: "chat gpt-4o-mini", isClient: true, error: null });
  expect(span?.attributes).toMatchObject({
    [KEYS.operation]: "chat",
    [KEYS.provider]: "openai",
    [KEYS.requestModel]: "gpt-4o-mini",
    [KEYS.responseModel]: STUB_MODEL,
    [KEYS.inputTokens]: 1_000,
    [KEYS.outputTokens]: 30,
    [KEYS.promptName]: "airline",
    [KEYS.promptVersion]: "1",
    [KEYS.systemInstructions]: expect.stringContaining("support agent of an airline"),
    "signalbox.tools.hash": hash,
  });
  expect(span?.attributes).not.toHaveProperty([KEYS.usageEstimated]);

  expect(spanOf(record, steps, 0)?.attributes).toMatchObject({
    "signalbox.task.models": [STUB_MODEL],
    "signalbox.task.input_tokens": 2_400,
    "signalbox.task.output_tokens": 40,
    "signalbox.task.cost_usd_estimate": expect.closeTo((2_400 * 0.15 + 40 * 0.6) / 1e6, 12),
  });
});

test("with planning behind HTTP the same task has the same outcome", async () => {
  const { task, decisions } = await playWith([LOOKING_UP, DONE]);
  await using stub = await openModelStub(inTurn(LOOKING_UP, DONE));
  const near = loadConfig({ DATABASE_URL: stage.stores.databaseUrl, SIGNALBOX_PORT_OFFSET: String(stage.stores.portOffset) }).ports.worker;
  const parts = { SIGNALBOX_RUNTIME_PARTS: "planning", SIGNALBOX_WORKER_PORT: String(near + 1) };
  await using _planning = await openTestRuntime(stage.stores, envOf(stub.url, parts));
  await using runtime = await openTestRuntime(stage.stores, { SIGNALBOX_PLANNING_URL: `http://127.0.0.1:${near + 1}` });
  const far = await play(runtime.config.gatewayUrl, {});
  expect(far.task.result).toEqual(task.result);
  expect(chosenIn(far.decisions)).toEqual(chosenIn(decisions));
});

const NONSENSE: StubAnswer = { kind: "says", calls: [{ name: "teleport", arguments: "{}" }] };

test("a model that answers nonsense is told what is wrong, and may correct it", async () => {
  const { task, decisions, asked, record, steps } = await playWith([NONSENSE, LOOKING_UP, DONE]);
  expect(task.status).toBe("done");
  const rejection = decisions.find(({ chosen }) => chosen === "rejected");
  expect(rejection?.reason).toContain('no tool "teleport"');
  expect(asked[1]?.body.messages.at(-1)?.content).toContain('no tool "teleport"');
  const place = steps.findIndex(({ stage: { output } }) => "kind" in output && output.kind === "rejected") + 1;
  expect(spanOf(record, steps, place)?.error).toContain("teleport");
});

test("a model that keeps answering nonsense ends in a dead letter with that reason, and each answer is recorded", async () => {
  const { task, decisions, letters, asked } = await playWith([NONSENSE]);
  expect(task.status).toBe("dead");
  expect(letters[0]).toMatchObject({ cause: "not_retryable", message: expect.stringContaining("3 times in a row") });
  expect(letters[0]?.attempts[0]?.error?.class).toBe("bad_answer");
  expect(chosenIn(decisions).slice(3)).toEqual([
    "planned: rejected",
    "planned: rejected",
    "planned: rejected",
    "failed: bad_answer",
    "dead_lettered: not_retryable",
  ]);
  expect(asked).toHaveLength(3);
});

test("a model that makes the same call again and again is stopped", async () => {
  const { task, letters, asked } = await playWith([LOOKING_UP]);
  expect(task).toMatchObject({ status: "dead", error: expect.stringContaining("2 times already") });
  expect(task.result?.toolCalls).toHaveLength(2);
  expect(letters[0]?.attempts[0]?.error?.class).toBe("bad_answer");
  expect(asked).toHaveLength(5);
});

/** A model that has a new thought each time and never ends. */
function thinking(place: number): StubAnswer {
  return { kind: "says", calls: [{ name: "think", arguments: JSON.stringify({ thought: `thought ${place}` }) }] };
}

test.each([
  ["answers", { steps: 4 }, 4, "4 of 4 answers"],
  ["tokens", { tokens: 300 }, 3, "360 of 300 tokens"],
  ["dollars", { costUsd: 0.00005 }, 2, "of 0.00005 US dollars"],
])("a model that goes on and on is stopped by the task's limit of %s", async (_name, limits, times, words) => {
  await using stub = await openModelStub((_asked, place) => thinking(place));
  await using runtime = await openTestRuntime(stage.stores, envOf(stub.url));
  const { task, letters, decisions } = await play(runtime.config.gatewayUrl, { planner: { kind: "llm", limits } });
  expect(task).toMatchObject({ status: "dead", error: expect.stringContaining(words) });
  expect(letters[0]?.attempts[0]?.error?.class).toBe("limit_reached");
  expect(decisions.at(-1)).toMatchObject({ kind: "dead_lettered", reason: expect.stringContaining(words) });
  expect(stub.asked).toHaveLength(times);
});

test("the runtime's own limits hold for a task that names none", async () => {
  await using stub = await openModelStub((_asked, place) => thinking(place));
  await using runtime = await openTestRuntime(stage.stores, envOf(stub.url, { SIGNALBOX_LLM_STEPS_MAX: "2" }));
  expect((await play(runtime.config.gatewayUrl, {})).task.error).toContain("2 of 2 answers");
});

test("an endpoint that refuses the key ends in a dead letter at once, and the key is recorded nowhere", async () => {
  const { task, letters, decisions, steps, record, asked } = await playWith([{ kind: "refuses", status: 401, message: `not ${KEY}` }]);
  expect(task.status).toBe("dead");
  expect(letters[0]).toMatchObject({ cause: "not_retryable", attempts: [{ error: { class: "unauthenticated" } }] });
  expect(JSON.stringify([task, letters, decisions, steps, spanOf(record, steps, 0)])).not.toContain(KEY);
  expect(asked[0]?.authorization).toBe(`Bearer ${KEY}`);
});

test("an endpoint that fails for a while costs attempts, and the answers that it gave are not asked for again", async () => {
  const away: StubAnswer = { kind: "refuses", status: 503, message: "busy" };
  const { task, decisions, asked } = await playWith([LOOKING_UP, away, { kind: "ends_early", content: "It" }, DONE]);
  expect(task).toMatchObject({ status: "done", attempts: 3 });
  expect(decisions.filter(({ kind }) => kind === "failed").map(({ chosen }) => chosen)).toEqual(["model_unavailable", "model_unavailable"]);
  expect(asked).toHaveLength(4);
});

test("a task that asks for a model where none is configured is a dead letter that says what to set", async () => {
  await using runtime = await openTestRuntime(stage.stores);
  expect((await play(runtime.config.gatewayUrl, {})).task).toMatchObject({ status: "dead", error: expect.stringContaining("has none") });
});

test("a recorded task is replayed without the endpoint, decision by decision; an unrecorded one is a dead letter", async () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-cassettes-"));
  try {
    const recording = { SIGNALBOX_LLM_CASSETTES: "record", SIGNALBOX_LLM_CASSETTE_DIR: folder };
    const { decisions: recorded } = await playWith([LOOKING_UP, DONE], recording);
    await using runtime = await openTestRuntime(stage.stores, {
      SIGNALBOX_LLM_CASSETTES: "replay",
      SIGNALBOX_LLM_CASSETTE_DIR: folder,
      SIGNALBOX_LLM_MODEL: "gpt-4o-mini",
    });
    const { task, decisions: replayed } = await play(runtime.config.gatewayUrl, {});
    expect(task.status).toBe("done");
    const choices = (all: readonly Decision[]) =>
      all.map(({ kind, chosen, reason, detail: { idempotencyKey: _, ...detail } }) => ({ kind, chosen, reason, detail }));
    expect(choices(replayed)).toEqual(choices(recorded));

    const missed = await play(runtime.config.gatewayUrl, { message: "Something that nobody recorded." });
    expect(missed.task).toMatchObject({ status: "dead", error: expect.stringContaining("nearest") });
    expect(missed.letters[0]?.attempts[0]?.error?.class).toBe("not_found");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a message that rules do not understand goes to a model where that is the policy, and the log says why", async () => {
  const { task, decisions } = await playWith([DONE], { SIGNALBOX_UNCLEAR: "llm" }, { message: UNCLEAR, planner: { kind: "rules" } });
  expect(task).toMatchObject({ status: "done", result: { answers: ["It is booked."] } });
  expect(decisions.filter(({ kind }) => kind === "routed")).toMatchObject([
    { chosen: "rules" },
    { chosen: "llm", reason: expect.stringContaining("not clear"), actor: { service: "signalbox-agent" } },
  ]);
});

test("a message that asks for several things goes to a person where that is the policy, without any model", async () => {
  await using runtime = await openTestRuntime(stage.stores, { SIGNALBOX_UNCLEAR: "person" });
  const { reservation_id, user_id } = RESERVATION ?? {};
  const message = `I am ${user_id}. Cancel reservation ${reservation_id}. And also book me a seat to JFK.`;
  const { task, decisions } = await play(runtime.config.gatewayUrl, { message, planner: { kind: "rules" } });
  expect(task).toMatchObject({ status: "done", result: { ended: true, toolCalls: [{ name: "transfer_to_human_agents" }] } });
  expect(decisions.find(({ chosen }) => chosen === "person")?.reason).toContain("several things");
});

test("a task may ask for a person", async () => {
  await using runtime = await openTestRuntime(stage.stores);
  const { task } = await play(runtime.config.gatewayUrl, { planner: { kind: "person" } });
  expect(task).toMatchObject({ status: "done", result: { toolCalls: [{ name: "transfer_to_human_agents" }] } });
});

test("a model may understand messages that rules then plan for; its confidence is marked as its own, and its tokens are counted", async () => {
  const verdict: StubAnswer = { kind: "says", content: '{"intents":["check_reservation"],"confidence":0.8}' };
  const message = `Tell me all you know of reservation ${RESERVATION?.reservation_id}. ${RESERVATION?.user_id}`;
  const request = { message, planner: { kind: "rules" as const } };
  const { task, decisions, record, steps } = await playWith([verdict], { SIGNALBOX_CLASSIFIER: "llm" }, request);
  expect(task.status).toBe("done");
  expect(decisions.find(({ kind }) => kind === "understood")).toMatchObject({
    chosen: "check_reservation",
    confidence: 0.8,
    detail: { basis: "stated", model: { answered: STUB_MODEL, prompt: { name: "intents" }, inputTokens: 100 } },
  });
  expect(spanOf(record, steps, 1)?.attributes).toMatchObject({ [KEYS.responseModel]: STUB_MODEL, "signalbox.confidence.basis": "stated" });
  expect(spanOf(record, steps, 0)?.attributes).toMatchObject({ "signalbox.task.input_tokens": 100 });
});

test("a runtime that is to end does not wait for a model, and the next one takes the task up where it was", async () => {
  await using stub = await openModelStub(inTurn(LOOKING_UP, { kind: "hangs" }, DONE));
  const id = newId();
  {
    await using runtime = await openTestRuntime(stage.stores, envOf(stub.url));
    await postTask(runtime.config.gatewayUrl, aRequest({ id, message: "Hello", planner: { kind: "llm" } }));
    await until("a model that hangs", async () => stub.asked.length === 2);
  }
  await using runtime = await openTestRuntime(stage.stores, envOf(stub.url));
  expect(await finished(runtime.config.gatewayUrl, id)).toMatchObject({ status: "done", result: { steps: 2 } });
  expect(stub.asked).toHaveLength(3);
});

test("a worker that is killed while a model thinks costs a call of the model, and no tool is called twice", async () => {
  await using stub = await openModelStub(inTurn(LOOKING_UP, { kind: "hangs" }, DONE));
  const env = envOf(stub.url);
  await using gateway = await openTestRuntime(stage.stores, { SIGNALBOX_RUNTIME_PARTS: "gateway" });
  const id = newId();
  await postTask(gateway.config.gatewayUrl, aRequest({ id, message: "Hello", planner: { kind: "llm" } }));
  {
    await using worker = await forkRuntime(runtimeEnv(stage.stores, { ...env, SIGNALBOX_RUNTIME_PARTS: "worker" }));
    await until("a model that hangs", async () => stub.asked.length === 2);
    await worker.kill();
  }
  await using _worker = await openTestRuntime(stage.stores, { ...env, SIGNALBOX_RUNTIME_PARTS: "worker" });
  expect(await finished(gateway.config.gatewayUrl, id)).toMatchObject({ status: "done", result: { steps: 2 } });
  expect(stub.asked).toHaveLength(3);
  expect(await stage.prisma.toolEffect.count({ where: { overlay: id } })).toBe(1);
});

test("a model is shown what the project's documents say, also of a task without a session", async () => {
  const embedder = openEmbedder(undefined);
  const text = "The lounge opens at five in the morning.";
  const [vector = new Float32Array()] = await embedder.embed([text]);
  const document = { id: "lounge", title: "Lounge", text, attributes: {} };
  const documents = [{ document, digest: "d", chunks: [{ text, vector }] }];
  await putKnowledge(stage.prisma, { project: "default", embedder: embedder.name, documents, now: new Date() });
  const { decisions, asked } = await playWith([DONE], {}, { message: "When does the lounge open?" });
  expect(asked[0]?.body.messages[0]).toMatchObject({ role: "system", content: expect.stringContaining(text) });
  expect(decisions.find(({ kind }) => kind === "recalled")).toMatchObject({
    chosen: "0 turns, 1 passage",
    reason: "The task is of no session.",
    detail: { documents: ["lounge"] },
  });
});
