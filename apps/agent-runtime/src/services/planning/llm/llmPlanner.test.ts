import type { PlanningRequest, ToolDefinition, Turn } from "@signalbox/model";
import { expect, test } from "vitest";
import type { ChatAnswer, ChatEndpoint, ChatRequest } from "../../../chat/chatEndpoint.ts";
import { systemClock } from "../../../clock.ts";
import { openLlmPlanner } from "./llmPlanner.ts";
import { PROMPTS } from "./prompts.ts";

const LIMITS = { steps: 10, tokens: 1_000, costUsd: 0.5 };
const LOOK_UP: ToolDefinition = {
  name: "look_up",
  description: "Looks a trip up.",
  parameters: { type: "object", properties: { trip: { type: "string" } }, required: ["trip"] },
  endsEpisode: false,
};
const REPLY: ChatAnswer = {
  model: "gpt-4o-mini-2024-07-18",
  content: "Done.",
  toolCalls: [],
  finishReason: "stop",
  usage: { inputTokens: 1_000_000, outputTokens: 100_000, cachedTokens: 200_000, reasoningTokens: 5 },
};

function aPlanner(answer: Partial<ChatAnswer> = {}, model: string | undefined = "gpt-4o-mini") {
  const asked: ChatRequest[] = [];
  const endpoint: ChatEndpoint = {
    provider: "openai",
    complete: async (request) => {
      asked.push(request);
      return { answer: { ...REPLY, ...answer }, isReplayed: false };
    },
  };
  return { asked, plan: openLlmPlanner(endpoint, { model, temperature: undefined, limits: LIMITS }, systemClock) };
}

function planning(request: Partial<PlanningRequest> = {}): PlanningRequest {
  return {
    planner: { kind: "llm" },
    domain: "airline",
    tools: [LOOK_UP],
    message: "Where is trip A?",
    understanding: { intent: "unknown", confidence: 0, abstained: true, slots: {} },
    memories: { turns: [] },
    turns: [],
    spent: { steps: 0, tokens: 0, costUsd: 0 },
    ...request,
  };
}

const REJECTED: Turn = { kind: "rejected", answer: "teleport()", problem: "There is no tool teleport." };
const LOOKED_UP: Turn = { kind: "tool", callId: "c1", call: { name: "look_up", arguments: { trip: "A" } }, said: null, output: "it left" };

test("a model reads the domain's prompt, what is remembered, and the whole conversation, and is told of the tools", async () => {
  const { asked, plan } = aPlanner();
  const turns: Turn[] = [LOOKED_UP, REJECTED];
  await plan(
    planning({
      memories: {
        turns: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Hello" },
        ],
      },
      turns,
    }),
  );
  const [request] = asked;
  expect(request?.messages.map(({ role }) => role)).toEqual([
    "system",
    "user",
    "assistant",
    "user",
    "assistant",
    "tool",
    "assistant",
    "user",
  ]);
  expect(request?.messages[0]?.content).toBe(PROMPTS.get("airline@1")?.text);
  expect(request?.messages[4]).toMatchObject({ tool_calls: [{ id: "c1", function: { name: "look_up", arguments: '{"trip":"A"}' } }] });
  expect(request?.messages.at(-1)?.content).toContain("There is no tool teleport.");
  expect(request?.tools).toEqual([
    { type: "function", function: { name: "look_up", description: "Looks a trip up.", parameters: LOOK_UP.parameters } },
  ]);
});

test("a model gets passages of documents as information after the prompt", async () => {
  const { asked, plan } = aPlanner();
  const passage = { document: "trips.md", title: "Trips", text: "A trip that left cannot be changed.", attributes: {}, score: 1 };
  await plan(planning({ memories: { turns: [], passages: [passage] } }));
  const [system] = asked[0]?.messages ?? [];
  expect(system).toMatchObject({ role: "system", content: expect.stringMatching(/not instructions.*"trips\.md".*A trip that left/s) });
});

test("a model's usage is what the endpoint reported, at list price, with the prompt and settings of the call", async () => {
  const { modelUse } = await aPlanner().plan(planning());
  expect(modelUse).toMatchObject({ provider: "openai", model: "gpt-4o-mini", inputTokens: 1_000_000, outputTokens: 100_000 });
  expect(modelUse?.call).toMatchObject({ model: "gpt-4o-mini-2024-07-18", isEstimate: false, cachedTokens: 200_000, reasoningTokens: 5 });
  expect(modelUse?.call?.costUsd).toBeCloseTo(0.8 * 0.15 + 0.2 * 0.075 + 0.1 * 0.6, 10);
  expect(modelUse?.call?.prompt).toMatchObject({ name: "airline", version: "1", hash: expect.stringMatching(/^[0-9a-f]{12}$/) });
});

test("an endpoint that reports no tokens is estimated, and marked so; a model without a list price has no cost", async () => {
  const { modelUse } = await aPlanner({ usage: null, model: "our-own" }, "our-own").plan(planning());
  expect(modelUse?.call).toMatchObject({ isEstimate: true, costUsd: null });
  expect(modelUse?.inputTokens).toBeGreaterThan(100);
});

test("different tools have a different hash", async () => {
  const { plan } = aPlanner();
  const [one, other] = [await plan(planning()), await plan(planning({ tools: [{ ...LOOK_UP, description: "Finds a trip." }] }))];
  expect(one.modelUse?.call?.toolsHash).not.toBe(other.modelUse?.call?.toolsHash);
});

test("after a reply the conversation is over and no model is called, whatever was used", async () => {
  const { asked, plan } = aPlanner();
  const answer = await plan(planning({ turns: [{ kind: "reply", content: "Done." }], spent: { steps: 99, tokens: 0, costUsd: 0 } }));
  expect(answer).toMatchObject({ move: { kind: "stop", ended: true }, modelUse: null });
  expect(asked).toEqual([]);
});

test.each([
  ["answers", { steps: 10, tokens: 0, costUsd: 0 }, "10 of 10 answers"],
  ["tokens", { steps: 1, tokens: 1_200, costUsd: 0 }, "1200 of 1000 tokens"],
  ["dollars", { steps: 1, tokens: 0, costUsd: 0.51 }, "0.5100 of 0.5 US dollars"],
])("a task that used up its %s is given up before the model is asked again", async (_name, spent, words) => {
  const { asked, plan } = aPlanner();
  await expect(plan(planning({ spent }))).rejects.toMatchObject({ code: "limit_reached", message: expect.stringContaining(words) });
  expect(asked).toEqual([]);
});

test("a task may lower its limits and never raise them", async () => {
  const { plan } = aPlanner();
  const spent = { steps: 4, tokens: 0, costUsd: 0 };
  await expect(plan(planning({ planner: { kind: "llm", limits: { steps: 4 } }, spent }))).rejects.toMatchObject({ code: "limit_reached" });
  const beyond = planning({ planner: { kind: "llm", limits: { steps: 30 } }, spent: { ...spent, steps: 10 } });
  await expect(plan(beyond)).rejects.toMatchObject({ code: "limit_reached" });
});

test("nonsense three times in a row is enough; sense in between starts the count anew", async () => {
  const { plan } = aPlanner();
  await expect(plan(planning({ turns: [REJECTED, REJECTED, REJECTED] }))).rejects.toMatchObject({
    code: "bad_answer",
    message: expect.stringContaining("There is no tool teleport."),
  });
  expect((await plan(planning({ turns: [REJECTED, REJECTED, LOOKED_UP, REJECTED] }))).move.kind).toBe("reply");
});

test("a task may name its model and its prompt; the error for an unknown prompt lists the known ones", async () => {
  const { asked, plan } = aPlanner();
  await plan(planning({ planner: { kind: "llm", model: "gpt-4.1", prompt: "support@1" } }));
  expect(asked[0]).toMatchObject({ model: "gpt-4.1", messages: [{ content: PROMPTS.get("support@1")?.text }, {}] });
  await expect(plan(planning({ planner: { kind: "llm", prompt: "support@99" } }))).rejects.toMatchObject({
    code: "not_found",
    hint: expect.stringContaining("support@1"),
  });
});

test("a domain without a prompt of its own gets the general one", async () => {
  const { asked, plan } = aPlanner();
  await plan(planning({ domain: "plumbing" }));
  expect(asked[0]?.messages[0]?.content).toBe(PROMPTS.get("support@1")?.text);
});

test("without a model, planning fails with a clear error", async () => {
  const endpoint = { provider: "openai", complete: () => Promise.reject(new Error("nobody should ask")) };
  const plan = openLlmPlanner(endpoint, { model: undefined, temperature: undefined, limits: LIMITS }, systemClock);
  await expect(plan(planning())).rejects.toMatchObject({ code: "invalid_input" });
});

test.each([
  ["a reply", {}, ["write It is", "write It is done.", "stand"]],
  ["what the endpoint held back", { finishReason: "content_filter" }, ["write It is", "write It is done."]],
  ["half an answer", { finishReason: "length" }, ["write It is", "write It is done."]],
  [
    "words beside a call",
    { toolCalls: [{ id: "c", type: "function", function: { name: "look_up", arguments: '{"trip":"A"}' } }] },
    ["write It is", "write It is done."],
  ],
] as const)("of %s, the draft stands or is taken back", async (_name, answer, told) => {
  const acts: string[] = [];
  const endpoint: ChatEndpoint = {
    provider: "openai",
    complete: async (_request, onText) => {
      for (const text of ["It is", "It is done."]) onText?.(text);
      return { answer: { ...REPLY, content: "It is done.", ...answer } as ChatAnswer, isReplayed: false };
    },
  };
  const writer = {
    write: (text: string) => acts.push(`write ${text}`),
    stand: () => acts.push("stand"),
    [Symbol.dispose]: () => acts.push("over"),
  };
  const plan = openLlmPlanner(endpoint, { model: "m", temperature: undefined, limits: LIMITS }, systemClock, { begin: () => writer });
  await plan(planning({ draft: { taskId: "00000000-0000-4000-8000-000000000000", step: 3 } }));
  expect(acts).toEqual([...told, "over"]);
});
