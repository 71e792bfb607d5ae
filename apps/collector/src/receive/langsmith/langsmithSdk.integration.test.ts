import { Client, RunTree } from "langsmith";
import { getCurrentRunTree, traceable } from "langsmith/traceable";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { oneKey } from "../../testing/oneKey.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../../testing/testStore.ts";
import { untilWritten } from "../../testing/untilTrue.ts";

const KEY = "sbx_of_the_tests";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});
beforeEach(() => {
  vi.stubEnv("LANGSMITH_TRACING", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

type Fetch = typeof fetch;

function aClient(url: string, fetchImplementation: Fetch = fetch): Client {
  vi.stubEnv("LANGSMITH_ENDPOINT", url);
  return new Client({ apiKey: KEY, fetchImplementation });
}

/** A server that, like older ones, announces gzip only. */
const withoutZstd: Fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (!String(input).endsWith("/info")) return answer;
  const info = (await answer.json()) as { instance_flags: object };
  return Response.json({ ...info, instance_flags: { ...info.instance_flags, zstd_compression_enabled: false } });
};

/** Sends every request twice, like a client that lost the first answer. */
const everyTwice: Fetch = async (input, init) => {
  const body = init?.body;
  if (body === undefined || body === null) return fetch(input, init);
  const bytes = await new Response(body).bytes();
  await fetch(input, { ...init, body: bytes });
  return fetch(input, { ...init, body: bytes });
};

/** Runs a little agent and waits until the client has sent everything: clerk → agent → retriever, model, and a tool that fails once. */
async function runAgent(client: Client, project: string): Promise<void> {
  const find = traceable(async (_question: string) => [{ page_content: "Flights leave hourly." }], {
    name: "find",
    run_type: "retriever",
    client,
  });
  const weather = traceable(
    async ({ city }: { city: string }) => {
      if (city === "Nowhere") throw new Error("no such city");
      return `sunny in ${city}`;
    },
    { name: "weather", run_type: "tool", client },
  );
  const model = traceable(
    async (_input: { messages: { role: string; content: string }[] }) => ({
      role: "assistant",
      content: "It is sunny.",
      usage_metadata: {
        input_tokens: 31,
        output_tokens: 9,
        total_tokens: 40,
        input_token_details: { cache_read: 12 },
        output_token_details: { reasoning: 4 },
      },
    }),
    { name: "model", run_type: "llm", metadata: { ls_provider: "openai", ls_model_name: "gpt-4o-mini" }, client },
  );
  const agent = traceable(
    async (question: string) => {
      await find(question);
      const answer = await model({
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: question },
        ],
      });
      await weather({ city: "Rome" });
      await weather({ city: "Nowhere" }).catch(() => {});
      return { answer: answer.content };
    },
    { name: "agent", metadata: { session_id: "s-1", user_id: "u-1", revision_id: "r42" }, tags: ["beta"], client },
  );
  const clerk = traceable(
    async (question: string) => {
      const { id: run_id = "", trace_id = "" } = getCurrentRunTree();
      const answer = await agent(question);
      await client.createFeedback(run_id, "helpful", { score: 0.75, comment: "good", traceId: trace_id, sessionId: trace_id });
      return answer;
    },
    { name: "clerk", client, project_name: project },
  );
  await clerk("What is the weather?");
  await client.awaitPendingTraceBatches();
}

const COLUMNS = `name, kind, status, status_message, provider, model, input_tokens, output_tokens, cached_tokens, reasoning_tokens,
  cost_usd > 0 AS hasCost, session, user, tags, release, dialect, input_messages, output_messages, tool_name, tool_arguments, tool_result`;

const rowsOf = (project: string) => store.rows(`SELECT ${COLUMNS} FROM spans FINAL WHERE service = '${project}' ORDER BY start_time`);
const messages = (...said: [role: string, content: string][]): string =>
  JSON.stringify(said.map(([role, content]) => ({ role, parts: [{ type: "text", content }] })));

test.each([
  ["zstd", fetch, {}],
  ["gzip", withoutZstd, {}],
  ["no compression", fetch, { LANGSMITH_DISABLE_RUN_COMPRESSION: "true" }],
  ["every request twice", everyTwice, {}],
] as const)("the runs of the real client arrive once, whole and readable: %s", async (name, fetchImplementation, env) => {
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  await using collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource: oneKey(KEY, "default") });
  await runAgent(aClient(collector.url, fetchImplementation), name);
  await untilWritten(collector.url);
  const inSession = { session: "s-1", user: "u-1", release: "r42", dialect: "langsmith" };
  expect(await rowsOf(name)).toMatchObject([
    { name: "clerk", kind: "chain", status: "ok", input_messages: messages(["user", "What is the weather?"]), tags: [] },
    {
      name: "agent",
      kind: "chain",
      status: "ok",
      output_messages: messages(["assistant", "It is sunny."]),
      tags: ["beta"],
      ...inSession,
    },
    { name: "find", kind: "retriever", status: "ok", output_messages: expect.stringContaining("Flights leave hourly."), ...inSession },
    {
      name: "model",
      kind: "llm",
      status: "ok",
      provider: "openai",
      model: "gpt-4o-mini",
      input_tokens: 31,
      output_tokens: 9,
      cached_tokens: 12,
      reasoning_tokens: 4,
      hasCost: 1,
      input_messages: messages(["system", "Be brief."], ["user", "What is the weather?"]),
      output_messages: messages(["assistant", "It is sunny."]),
      ...inSession,
    },
    {
      name: "weather",
      kind: "tool",
      status: "ok",
      tool_name: "weather",
      tool_arguments: '{"city":"Rome"}',
      tool_result: "sunny in Rome",
      ...inSession,
    },
    {
      name: "weather",
      kind: "tool",
      status: "error",
      status_message: "Error: no such city",
      tool_arguments: '{"city":"Nowhere"}',
      ...inSession,
    },
  ]);
  const tree = await store.rows(
    `SELECT child.name AS child, parent.name AS parent FROM (SELECT * FROM spans FINAL) AS child
     LEFT JOIN (SELECT * FROM spans FINAL) AS parent ON parent.trace_id = child.trace_id AND parent.span_id = child.parent_span_id
     WHERE child.service = '${name}' ORDER BY child.start_time`,
  );
  expect(tree.map(({ child, parent }) => `${parent} > ${child}`)).toEqual([
    " > clerk",
    "clerk > agent",
    "agent > find",
    "agent > model",
    "agent > weather",
    "agent > weather",
  ]);
  expect(
    await store.rows(
      `SELECT name, value, explanation, scorer FROM scores FINAL WHERE trace_id IN (SELECT lower(hex(trace_id)) FROM spans WHERE service = '${name}')`,
    ),
  ).toEqual([{ name: "helpful", value: 0.75, explanation: "good", scorer: "api" }]);
  expect(await store.number("SELECT count() FROM rejected")).toBe(0);
});

test("a run whose patch arrives before its post, over another connection, is one whole span", async () => {
  await using collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource: oneKey(KEY, "default") });
  const run = new RunTree({ name: "late", run_type: "llm", inputs: { messages: [{ role: "user", content: "Hi" }] }, project_name: "late" });
  run.client = aClient(collector.url);
  const held: (() => void)[] = [];
  const slow = aClient(collector.url, async (input, init) => {
    if (init?.method === "POST") await new Promise<void>((resolve) => held.push(resolve));
    return fetch(input, init);
  });
  const fast = run.client;
  run.client = slow;
  await run.postRun();
  await run.end({ output: { role: "assistant", content: "Hello" } });
  run.client = fast;
  await run.patchRun();
  await fast.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  expect(await rowsOf("late")).toMatchObject([{ status: "ok", input_messages: "", output_messages: messages(["assistant", "Hello"]) }]);

  await vi.waitFor(() => expect(held).toHaveLength(1), 60_000);
  for (const release of held) release();
  await slow.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  expect(await rowsOf("late")).toMatchObject([
    { status: "ok", input_messages: messages(["user", "Hi"]), output_messages: messages(["assistant", "Hello"]) },
  ]);
});

test("a client that sends each run in its own request, to a base URL with our prefix, is understood too", async () => {
  await using collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource: oneKey(KEY, "default") });
  const client = new Client({ apiUrl: `${collector.url}/langsmith/api/v1`, apiKey: KEY, autoBatchTracing: false });
  const run = new RunTree({ name: "alone", run_type: "tool", inputs: { a: 1 }, project_name: "alone", client });
  await run.postRun();
  await run.end({ output: "done" });
  await run.patchRun();
  await client.createFeedback(run.id, "liked", { score: true, sessionId: run.id });
  await untilWritten(collector.url);
  expect(await rowsOf("alone")).toMatchObject([
    { name: "alone", kind: "tool", status: "ok", tool_arguments: '{"a":1}', tool_result: "done" },
  ]);
  expect(await store.rows("SELECT value FROM scores FINAL WHERE name = 'liked'")).toEqual([{ value: 1 }]);
});

test("a client without a key is admitted on loopback, compressed or not", async () => {
  await using collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource: oneKey(KEY, "default") });
  for (const isUncompressed of ["false", "true"]) {
    vi.stubEnv("LANGSMITH_DISABLE_RUN_COMPRESSION", isUncompressed);
    const client = new Client({ apiUrl: collector.url });
    await traceable(async (question: string) => question, { name: "keyless", client, project_name: "keyless" })("Hi");
    await client.awaitPendingTraceBatches();
  }
  await untilWritten(collector.url);
  expect(await rowsOf("keyless")).toMatchObject([{ status: "ok" }, { status: "ok" }]);
});
