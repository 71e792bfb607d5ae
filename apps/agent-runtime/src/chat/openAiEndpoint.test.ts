import { inspect } from "node:util";
import { expect, test } from "vitest";
import { inTurn, openModelStub, STUB_MODEL, type StubAnswer } from "../testing/modelStub.ts";
import type { ChatRequest } from "./chatEndpoint.ts";
import { openAiEndpoint } from "./openAiEndpoint.ts";

const KEY = "sk-secret-123";
const NEVER = new AbortController().signal;
const REQUEST: ChatRequest = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] };
const HELLO: StubAnswer = { kind: "says", content: "Good morning." };

async function asking(answers: readonly StubAnswer[], settings: { timeoutMs?: number; retriesMax?: number; leaving?: AbortSignal } = {}) {
  const stub = await openModelStub(inTurn(...answers));
  const { timeoutMs = 10_000, retriesMax = 2, leaving = NEVER } = settings;
  const endpoint = openAiEndpoint({ url: stub.url, key: KEY, provider: "stub", timeoutMs, retriesMax }, leaving);
  return { stub, endpoint, [Symbol.asyncDispose]: () => stub[Symbol.asyncDispose]() };
}

test("a streamed answer is put together, with the tokens that the endpoint reports", async () => {
  const usage = {
    prompt_tokens: 30,
    completion_tokens: 9,
    prompt_tokens_details: { cached_tokens: 10 },
    completion_tokens_details: { reasoning_tokens: 4 },
  };
  await using asked = await asking([
    { kind: "says", content: "Good morning.", calls: [{ name: "wave", arguments: '{"hands":2}' }], usage },
  ]);
  const { answer, isReplayed } = await asked.endpoint.complete(REQUEST);
  expect(answer).toEqual({
    model: STUB_MODEL,
    content: "Good morning.",
    toolCalls: [{ id: "call_stub_0", type: "function", function: { name: "wave", arguments: '{"hands":2}' } }],
    finishReason: "tool_calls",
    usage: { inputTokens: 30, outputTokens: 9, cachedTokens: 10, reasoningTokens: 4 },
  });
  expect(isReplayed).toBe(false);
  expect(asked.stub.asked[0]).toMatchObject({ authorization: `Bearer ${KEY}`, body: { ...REQUEST, stream: true } });
});

test("an endpoint that reports no tokens answers without", async () => {
  await using asked = await asking([{ ...HELLO, usage: null }]);
  expect((await asked.endpoint.complete(REQUEST)).answer).toMatchObject({ content: "Good morning.", usage: null });
});

test.each([429, 500, 503])("a request refused with %d is retried after the Retry-After time", async (status) => {
  await using asked = await asking([{ kind: "refuses", status, message: "later", headers: { "retry-after": "0" } }, HELLO]);
  expect((await asked.endpoint.complete(REQUEST)).answer.content).toBe("Good morning.");
  expect(asked.stub.asked).toHaveLength(2);
});

const LATER = { "retry-after-ms": "1" };

test.each([
  [429, "model_unavailable", 3],
  [500, "model_unavailable", 3],
  [400, "invalid_input", 1],
  [401, "unauthenticated", 1],
  [403, "forbidden", 1],
  [404, "not_found", 1],
  [413, "too_large", 1],
])("an endpoint that keeps answering %d is %s after %d tries, and the key is in no word of it", async (status, code, tries) => {
  await using asked = await asking([{ kind: "refuses", status, message: `no way, ${KEY}`, headers: LATER }]);
  const failure = await asked.endpoint.complete(REQUEST).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringContaining(String(status)) });
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(KEY);
  expect(asked.stub.asked).toHaveLength(tries);
});

test.each<[string, StubAnswer]>([
  ["breaks off in the middle", { kind: "breaks_off", content: "Good" }],
  ["ends before the answer does", { kind: "ends_early", content: "Good" }],
  ["streams what is no JSON", { kind: "babbles", body: "data: <html>\n\n" }],
  ["streams another JSON than agreed", { kind: "babbles", body: 'data: {"choices":[{"delta":{"content":7}}]}\n\n' }],
  ["answers no stream at all", { kind: "babbles", body: "<html>Sign in</html>" }],
  ["answers nothing", { kind: "babbles", body: "" }],
])("an endpoint that %s may be asked again", async (_name, answer) => {
  await using asked = await asking([answer]);
  const failure = await asked.endpoint.complete(REQUEST).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "model_unavailable" });
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(KEY);
});

test("an endpoint that hangs is given up after its time limit", async () => {
  await using asked = await asking([{ kind: "hangs" }], { timeoutMs: 100 });
  await expect(asked.endpoint.complete(REQUEST)).rejects.toMatchObject({
    code: "model_unavailable",
    message: expect.stringContaining("had not answered after 100 ms"),
  });
});

test("an unreachable endpoint is an error that may pass", async () => {
  const endpoint = openAiEndpoint({ url: "http://127.0.0.1:9/v1", key: KEY, provider: "stub", timeoutMs: 5_000, retriesMax: 0 }, NEVER);
  await expect(endpoint.complete(REQUEST)).rejects.toMatchObject({ code: "model_unavailable" });
});

test("a huge answer is cut off, and not read to its end", async () => {
  await using asked = await asking([{ kind: "says", content: "a".repeat(400_000) }]);
  const { answer } = await asked.endpoint.complete(REQUEST);
  expect(answer).toMatchObject({ finishReason: "too_long", usage: null });
  expect(answer.content).toHaveLength(200_000);
});

test("a call under way is given up when the process is to end", async () => {
  const leaving = new AbortController();
  await using asked = await asking([{ kind: "hangs" }], { leaving: leaving.signal });
  const answer = asked.endpoint.complete(REQUEST);
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ code: "upstream_unavailable", message: expect.stringContaining("given up") });
});

test("a call is given up once its caller no longer waits", async () => {
  await using asked = await asking([{ kind: "hangs" }]);
  const halt = new AbortController();
  const answer = asked.endpoint.complete(REQUEST, undefined, halt.signal);
  halt.abort();
  await expect(answer).rejects.toMatchObject({ code: "upstream_unavailable", message: expect.stringContaining("given up") });
});
