import { readFileSync } from "node:fs";
import type { RunPartStore } from "@signalbox/db/clickhouse";
import { memoryRunParts } from "@signalbox/db/testing";
import type { Span } from "@signalbox/model";
import { expect, test } from "vitest";
import type { Compression } from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { aForm, aRun, formOf, patches, posts } from "../testing/builders/langsmithBuilders.ts";
import { normalised } from "../testing/normalised.ts";
import { noRules } from "../testing/someRules.ts";
import { Tally } from "../write/tally.ts";
import { type AssembledRuns, assembleRuns } from "./index.ts";

const RECEIVED_US = 1_795_672_570_000_000;

function aRecord(body: Buffer, receivedAtUs = RECEIVED_US, compression: Compression = "identity"): JournalRecord {
  return {
    receivedAtUs,
    kind: "langsmith_multipart",
    source: "langsmith",
    encoding: "json",
    compression,
    project: "default",
    counts: null,
    body,
  };
}

let ranges = 0;

/** The runs assembled from a range of the journal that holds these records. */
async function assembledFrom(store: RunPartStore, ...records: JournalRecord[]): Promise<AssembledRuns[]> {
  ranges += 1;
  return allOf(assembleRuns(records, `range ${ranges}`, store, noRules(), new Tally()));
}

async function allOf(assembled: AsyncIterable<AssembledRuns>): Promise<AssembledRuns[]> {
  const all: AssembledRuns[] = [];
  for await (const runs of assembled) all.push(runs);
  return all;
}

const spansOf = (assembled: readonly AssembledRuns[]): Span[] => assembled.flatMap(({ spans }) => spans).map(normalised);

const fixture = (name: string): Buffer => readFileSync(new URL(`../decode/langsmith/__fixtures__/${name}`, import.meta.url));
const text = (content: string) => ({ type: "text", content });

test.each([
  ["js-0.12.0.multipart", "identity"],
  ["js-0.12.0.multipart.gz", "gzip"],
  ["js-0.12.0.multipart.zst", "zstd"],
] as const)("runs that the JavaScript client sent become whole spans: %s", async (name, compression) => {
  const assembled = await assembledFrom(memoryRunParts(), aRecord(fixture(name), RECEIVED_US, compression));
  expect(assembled.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  const spans = spansOf(assembled);
  const named = (some: string): Span[] => spans.filter((span) => span.name === some);
  const [clerk] = named("clerk");
  const [agent] = named("agent");
  expect(spans.map((span) => [span.name, span.parentSpanId === null]).sort()).toEqual([
    ["ChatModel", false],
    ["agent", false],
    ["clerk", true],
    ["search", false],
    ["weather", false],
    ["weather", false],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(agent?.parentSpanId).toBe(clerk?.spanId);
  expect(named("search")[0]?.parentSpanId).toBe(agent?.spanId);
  expect(clerk).toMatchObject({
    kind: "chain",
    service: "shop",
    status: "ok",
    dialect: "langsmith",
    inputMessages: [{ role: "user", parts: [text("What is the weather?")] }],
    outputMessages: [{ role: "assistant", parts: [text("It is sunny.")] }],
    attributes: { "langsmith.attachments": '[{"name":"note","mediaType":"text/plain","bytes":23}]' },
    resourceAttributes: { "langsmith.runtime.sdk_version": "0.12.0" },
    scope: "langsmith-js",
  });
  expect(agent).toMatchObject({ session: "s-1", user: "u-1", release: "r42", tags: ["beta"] });
  expect(named("ChatModel")[0]).toMatchObject({
    kind: "llm",
    provider: "openai",
    model: "gpt-4o-mini",
    usage: { input: 31, output: 9, cached: 12, reasoning: 4 },
    costIsEstimate: true,
    inputMessages: [
      { role: "system", parts: [text("Be brief.")] },
      { role: "user", parts: [text("What is the weather?")] },
    ],
    outputMessages: [
      {
        role: "assistant",
        parts: [text("It is sunny."), { type: "tool_call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' }],
      },
    ],
  });
  expect(named("search")[0]).toMatchObject({ kind: "retriever", outputMessages: [{ parts: [{ type: "other" }] }] });
  expect(named("weather").map(({ status, statusMessage, tool }) => ({ status, statusMessage, tool }))).toEqual([
    { status: "ok", statusMessage: "", tool: { name: "weather", callId: null, arguments: '{"city":"Rome"}', result: "sunny in Rome" } },
    {
      status: "error",
      statusMessage: "Error: no such city",
      tool: { name: "weather", callId: null, arguments: '{"city":"Nowhere"}', result: null },
    },
  ]);
  for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  expect(assembled.flatMap(({ logRecords }) => logRecords)).toMatchObject([
    { eventName: "gen_ai.evaluation.result", traceId: clerk?.traceId, spanId: clerk?.spanId },
  ]);
});

test("runs that the Python client sent become whole spans", async () => {
  const spans = spansOf(await assembledFrom(memoryRunParts(), aRecord(fixture("python-0.15.1.multipart"))));
  expect(spans.map(({ name, kind, status, session }) => [name, kind, status, session])).toEqual([
    ["clerk", "chain", "ok", "t-1"],
    ["ChatModel", "llm", "ok", "t-1"],
    ["weather", "tool", "ok", "t-1"],
    ["weather", "tool", "error", "t-1"],
  ]);
  expect(spans[0]).toMatchObject({ service: "default", events: [{ name: "uploaded_attachment" }], scope: "langsmith-py" });
  expect(spans[1]).toMatchObject({
    usage: { input: 31, output: 9 },
    outputMessages: [{ role: "assistant", parts: [text("It is sunny.")], finishReason: "stop" }],
  });
  expect(spans[3]?.statusMessage).toMatch(/^ValueError\('no such city'\)\n\nTraceback/);
});

test("runs that LangChain sent become whole spans: prompt, model, tool, and a conversation with all three", async () => {
  const assembled = await assembledFrom(memoryRunParts(), aRecord(fixture("langchain-core-1.8.3.multipart")));
  const spans = spansOf(assembled);
  expect(spans.map(({ name, kind, parentSpanId }) => [name, kind, parentSpanId === spans[0]?.spanId])).toEqual([
    ["RunnableSequence", "chain", false],
    ["ChatPromptTemplate", "chain", true],
    ["Model", "llm", true],
    ["weather", "tool", false],
    ["Model", "llm", false],
  ]);
  const [, prompt, model, weather, again] = spans;
  const question = { role: "user", parts: [text("What is the weather?")] };
  const call = { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Rome" } };
  const answer = { role: "assistant", parts: [text("It is sunny."), call] };
  expect(prompt?.outputMessages).toEqual([{ role: "system", parts: [text("Be brief.")] }, question]);
  expect(model).toMatchObject({
    provider: "openai",
    model: "gpt-4o-mini",
    usage: { input: 31, output: 9, cached: 12, reasoning: 4 },
    session: "t-2",
    user: "u-2",
    tags: ["seq:step:2", "langchain"],
    outputMessages: [answer],
    attributes: { "langsmith.output": expect.stringContaining('"finish_reason":"tool_calls"') },
  });
  expect(model?.attributes["langsmith.input"]).toBeUndefined();
  expect(weather?.tool).toEqual({ name: "weather", callId: "call_1", arguments: '{"city":"Rome"}', result: "sunny in Rome" });
  const response = { role: "tool", name: "weather", parts: [{ type: "tool_call_response", id: "call_1", response: "sunny in Rome" }] };
  expect(again?.inputMessages).toEqual([question, answer, response]);
});

test("whichever of post and patch comes first, and however far apart, they give the same whole span", async () => {
  const root = aRun({ name: "clerk" });
  const run = aRun({ name: "llm", runType: "llm", parent: root });
  const later = RECEIVED_US + 8 * 3_600_000_000;
  const inOneRange = spansOf(await assembledFrom(memoryRunParts(), aRecord(posts([run])), aRecord(patches([run]))));
  const inOrders = [
    [posts([run]), patches([run])],
    [patches([run]), posts([run])],
  ];
  for (const [first = Buffer.alloc(0), second = Buffer.alloc(0)] of inOrders) {
    const store = memoryRunParts();
    const before = await assembledFrom(store, aRecord(first));
    const after = await assembledFrom(store, aRecord(second, later));
    expect(spansOf(after)).toEqual(inOneRange);
    const [key] = spansOf(before).map(({ traceId, spanId, startTimeUnixNano }) => ({ traceId, spanId, startTimeUnixNano }));
    expect(spansOf(after)).toMatchObject([key]);
  }
  expect(inOneRange).toMatchObject([
    { status: "ok", inputMessages: [{ role: "user" }], outputMessages: [{ role: "assistant" }], tags: ["beta"], service: "shop" },
  ]);
});

test("a run whose patch never comes is an unfinished span", async () => {
  const [span] = spansOf(await assembledFrom(memoryRunParts(), aRecord(posts([aRun()]))));
  expect(span).toMatchObject({ status: "unset", inputMessages: [{ role: "user" }], outputMessages: [] });
  expect(span?.endTimeUnixNano).toBe(span?.startTimeUnixNano);
});

test("a span of more parts outranks one of fewer, even if the clock went back in between", async () => {
  const run = aRun();
  const store = memoryRunParts();
  const [, early] = await assembledFrom(store, aRecord(posts([run]), RECEIVED_US));
  const [, late] = await assembledFrom(store, aRecord(patches([run]), RECEIVED_US - 60_000_000));
  expect(late?.spans[0]?.statusCode).toBe(1);
  expect(late?.record.receivedAtUs).toBeGreaterThan(early?.record.receivedAtUs ?? 0);
});

test("a range that is repeated after a crash gives the same rows again", async () => {
  const runs = Array.from({ length: 3 }, () => aRun());
  const store = memoryRunParts();
  const records = [aRecord(patches(runs)), aRecord(posts(runs), RECEIVED_US + 1_000_000)];
  const once = await allOf(assembleRuns(records, "the same range", store, noRules(), new Tally()));
  expect(await allOf(assembleRuns(records, "the same range", store, noRules(), new Tally()))).toEqual(once);
});

test("the spans of a range keep their order when a later range adds to one of them", async () => {
  const runs = ["a", "b", "c", "d"].map((name) => aRun({ name }));
  const store = memoryRunParts();
  const records = [aRecord(posts(runs.slice(0, 2))), aRecord(posts(runs.slice(2)), RECEIVED_US + 1_000)];
  const namesOf = (assembled: AssembledRuns[]): string[] => assembled.flatMap(({ spans }) => spans.map(({ name }) => name));
  expect(namesOf(await allOf(assembleRuns(records, "the range", store, noRules(), new Tally())))).toEqual(["a", "b", "c", "d"]);
  await assembledFrom(store, aRecord(patches(runs.slice(0, 1)), RECEIVED_US + 2_000));
  expect(namesOf(await allOf(assembleRuns(records, "the range", store, noRules(), new Tally())))).toEqual(["a", "b", "c", "d"]);
});

test("patches that each set something else all count, and empty or null values erase nothing", async () => {
  const run = aRun({ startMs: Date.UTC(2026, 10, 26, 5) });
  const store = memoryRunParts();
  await assembledFrom(store, aRecord(posts([run])));
  const patch = (fields: Record<string, unknown>) => aForm([{ kind: "patch", fields: { id: run.id, ...fields } }]);
  await assembledFrom(store, aRecord(patch({ end_time: "2026-11-26T06:00:00.5+00:00" }), RECEIVED_US + 1_000));
  await assembledFrom(
    store,
    aRecord(patch({ outputs: { output: "first" }, extra: { metadata: { a: "1", b: "1" } } }), RECEIVED_US + 2_000),
  );
  await assembledFrom(
    store,
    aRecord(patch({ outputs: { output: "second" }, extra: { metadata: { a: "1", b: "1" } } }), RECEIVED_US + 3_000),
  );
  const last = aRecord(patch({ inputs: {}, outputs: null, tags: [], extra: { metadata: { b: "2" } } }), RECEIVED_US + 4_000);
  const [span] = spansOf(await assembledFrom(store, last));
  expect(span).toMatchObject({
    status: "ok",
    endTimeUnixNano: String(BigInt(Date.UTC(2026, 10, 26, 6)) * 1_000_000n + 500_000_000n),
    inputMessages: [{ parts: [text("step please")] }],
    outputMessages: [{ parts: [text("second")] }],
    tags: ["beta"],
    attributes: { "langsmith.metadata.a": "1", "langsmith.metadata.b": "2" },
  });
});

test("a run without a start time waits for its post and is kept among the rejected meanwhile", async () => {
  const run = aRun();
  const store = memoryRunParts();
  const bare = aForm([{ kind: "patch", fields: { id: run.id, trace_id: run.traceId, outputs: { output: "done" } } }]);
  const waiting = await assembledFrom(store, aRecord(bare));
  expect(spansOf(waiting)).toEqual([]);
  expect(waiting.flatMap(({ unreadable }) => unreadable)).toMatchObject([
    { reason: "nothing that came in tells when this run began", text: expect.stringContaining("done") },
  ]);
  expect(spansOf(await assembledFrom(store, aRecord(posts([run]))))).toMatchObject([{ outputMessages: [{ parts: [text("done")] }] }]);
});

test("feedback without a trace id becomes a score together with its run, whichever comes first", async () => {
  const root = aRun();
  const run = aRun({ parent: root });
  const feedback = formOf([
    { name: "feedback.f1", text: JSON.stringify({ id: "f1", run_id: run.id, trace_id: null, key: "liked", score: 1 }) },
  ]);
  const [span] = spansOf(await assembledFrom(memoryRunParts(), aRecord(posts([run]))));
  for (const [first, second] of [
    [feedback, posts([run])],
    [posts([run]), feedback],
  ] as const) {
    const store = memoryRunParts();
    await assembledFrom(store, aRecord(first));
    const scores = (await assembledFrom(store, aRecord(second, RECEIVED_US + 1_000))).flatMap(({ logRecords }) => logRecords);
    expect(scores).toMatchObject([{ eventName: "gen_ai.evaluation.result", traceId: span?.traceId, spanId: span?.spanId }]);
    expect(scores[0]?.attributes.get("gen_ai.evaluation.score.value")).toBe(1);
  }
});

test("a part that is not JSON, one of no run and a truncated one are kept with the reason; the others count", async () => {
  const run = aRun();
  const form = formOf([
    { name: `post.${run.id}`, text: JSON.stringify({ ...run.post, inputs: undefined }) },
    { name: `post.${run.id}.inputs`, text: "{" },
    { name: "post.1.inputs", text: "{}" },
    { name: "note", text: "hello" },
    { name: "feedback.1", text: "[]" },
    { name: `patch.${run.id}`, text: "{}" },
  ]);
  const assembled = await assembledFrom(memoryRunParts(), aRecord(form.subarray(0, form.length - 20)));
  expect(spansOf(assembled)).toMatchObject([{ name: "step" }]);
  expect(assembled.flatMap(({ unreadable }) => unreadable).map(({ reason }) => reason)).toEqual([
    expect.stringContaining('.inputs" cannot be read: the body is no JSON'),
    'the part "post.1.inputs" cannot be read: it is neither of a run nor feedback',
    'the part "note" cannot be read: it is neither of a run nor feedback',
    'the part "feedback.1" cannot be read: the body is no JSON object',
    "the request does not end where its parts do",
  ]);
});
