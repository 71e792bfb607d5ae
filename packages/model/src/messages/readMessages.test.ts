import { expect, test } from "vitest";
import { z } from "zod";
import { mulberry32 } from "../random.ts";
import { Message } from "../telemetry/message.ts";
import { readMessages } from "./readMessages.ts";

const read = (value: unknown, role = "user") => readMessages(typeof value === "string" ? value : JSON.stringify(value), role);
const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const called = { type: "tool_call", id: "t", name: "look", arguments: { a: 1 } };
const answered = { type: "tool_call_response", id: "t", response: "found" };

test("plain text is one text, JSON text of a text is that text", () => {
  expect(read("Hi {you}")).toEqual([said("user", "Hi {you}")]);
  expect(read('"Hi"')).toEqual([said("user", "Hi")]);
  expect(read("")).toEqual([]);
});

test("a value need not be JSON text", () => {
  expect(readMessages([{ role: "user", parts: [{ type: "text", content: "Hi" }] }], "user")).toEqual([said("user", "Hi")]);
});

test("OpenTelemetry's GenAI conventions: parts, tool answers as `response` or `result`, a reason for the end", () => {
  const answer = { type: "tool_call_response", id: "t", name: "look", result: "found" };
  const reply = { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, called], finish_reason: "tool_call" };
  expect(read([reply, { role: "tool", parts: [answer] }])).toEqual([
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, called], finishReason: "tool_call" },
    { role: "tool", parts: [answered] },
  ]);
});

test("OpenAI's chat: a request, its tool calls and answers, and the answer of the model", () => {
  const call = { id: "t", type: "function", function: { name: "look", arguments: '{"a":1}' } };
  const request = {
    model: "gpt-4o",
    temperature: 0,
    messages: [
      { role: "system", content: "Be kind." },
      {
        role: "user",
        name: "Ann",
        content: [
          { type: "text", text: "Hi" },
          { type: "image_url", image_url: { url: "x" } },
        ],
      },
      { role: "assistant", content: null, refusal: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "t", content: "found" },
    ],
  };
  expect(read(request)).toEqual([
    said("system", "Be kind."),
    {
      role: "user",
      name: "Ann",
      parts: [
        { type: "text", content: "Hi" },
        { type: "other", value: { type: "image_url", image_url: { url: "x" } } },
      ],
    },
    { role: "assistant", parts: [{ ...called, arguments: '{"a":1}' }] },
    { role: "tool", parts: [answered] },
  ]);
  const answer = {
    id: "c",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Done.", refusal: null } }],
    usage: {},
  };
  expect(read(answer, "assistant")).toEqual([{ ...said("assistant", "Done."), finishReason: "stop" }]);
  expect(read(answer.choices, "assistant")).toEqual([{ ...said("assistant", "Done."), finishReason: "stop" }]);
});

test("OpenAI's Responses API: instructions and items in, items out", () => {
  const items = [
    { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
    { type: "function_call", id: "f", call_id: "t", name: "look", arguments: '{"a":1}', status: "completed" },
    { type: "function_call_output", call_id: "t", output: "found" },
  ];
  expect(read({ model: "gpt-5", instructions: "Be kind.", input: items })).toEqual([
    said("system", "Be kind."),
    said("user", "Hi"),
    { role: "assistant", parts: [{ ...called, arguments: '{"a":1}' }] },
    { role: "tool", parts: [answered] },
  ]);
  const output = [
    { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: "hm" }] },
    {
      type: "message",
      id: "m",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Done.", annotations: [] }],
    },
  ];
  expect(read({ object: "response", output }, "assistant")).toEqual([
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }] },
    said("assistant", "Done."),
  ]);
});

test("Anthropic: the system beside the messages, content blocks, the answer", () => {
  const request = {
    system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
    messages: [
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "tool_use", id: "t", name: "look", input: { a: 1 } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "found", is_error: false }] },
    ],
  };
  expect(read(request)).toEqual([
    said("system", "Be kind."),
    said("user", "Hi"),
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, called] },
    { role: "user", parts: [answered] },
  ]);
  const answer = { id: "m", type: "message", role: "assistant", content: [{ type: "text", text: "Done." }], stop_reason: "end_turn" };
  expect(read(answer)).toEqual([{ ...said("assistant", "Done."), finishReason: "end_turn" }]);
});

test("Gemini: contents and candidates, the model's role", () => {
  const request = {
    systemInstruction: { parts: [{ text: "Be kind." }] },
    contents: [
      { role: "user", parts: [{ text: "Hi" }] },
      { role: "model", parts: [{ text: "hm", thought: true }, { functionCall: { id: "t", name: "look", args: { a: 1 } } }] },
      { role: "user", parts: [{ functionResponse: { id: "t", name: "look", response: "found" } }] },
    ],
  };
  expect(read(request)).toEqual([
    said("system", "Be kind."),
    said("user", "Hi"),
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, called] },
    { role: "user", parts: [answered] },
  ]);
  const answer = { candidates: [{ content: { role: "model", parts: [{ text: "Done." }] }, finishReason: "STOP" }] };
  expect(read(answer)).toEqual([{ ...said("assistant", "Done."), finishReason: "STOP" }]);
});

test("LangChain: serialised, plain and stored messages, in batches, and what a model generated", () => {
  const serialised = (name: string, kwargs: object) => ({ lc: 1, type: "constructor", id: ["langchain_core", "messages", name], kwargs });
  const request = [
    [serialised("SystemMessage", { content: "Be kind." }), serialised("HumanMessage", { content: "Hi", additional_kwargs: {} })],
  ];
  expect(read({ messages: request })).toEqual([said("system", "Be kind."), said("user", "Hi")]);
  expect(
    read([
      { type: "human", content: "Hi" },
      { type: "ai", content: "", tool_calls: [{ id: "t", name: "look", args: { a: 1 }, type: "tool_call" }] },
      { type: "tool", content: "found", tool_call_id: "t" },
      { type: "ai", data: { content: "Done." } },
    ]),
  ).toEqual([said("user", "Hi"), { role: "assistant", parts: [called] }, { role: "tool", parts: [answered] }, said("assistant", "Done.")]);
  const generated = { generations: [[{ text: "Done.", message: serialised("AIMessage", { content: "Done." }) }]], llm_output: {} };
  expect(read(generated)).toEqual([said("assistant", "Done.")]);
  expect(read({ generations: [[{ text: "Done." }]] })).toEqual([said("assistant", "Done.")]);
  expect(read([{ graph: null, update: { messages: [{ type: "ai", content: "Done." }] } }])).toEqual([said("assistant", "Done.")]);
});

test("Vercel's AI SDK: a prompt with its system, messages with calls and answers, a step's calls alone", () => {
  expect(read({ system: "Be kind.", prompt: "Hi" })).toEqual([said("system", "Be kind."), said("user", "Hi")]);
  expect(
    read([
      { role: "user", content: [{ type: "text", text: "Hi", providerOptions: {} }] },
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "t", toolName: "look", input: { a: 1 } }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "t", toolName: "look", output: { type: "text", value: "found" } }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "t", toolName: "look", result: "found" }] },
    ]),
  ).toEqual([
    said("user", "Hi"),
    { role: "assistant", parts: [called] },
    { role: "tool", parts: [answered] },
    { role: "tool", parts: [answered] },
  ]);
  expect(read([{ toolCallId: "t", toolName: "look", input: { a: 1 } }], "assistant")).toEqual([{ role: "assistant", parts: [called] }]);
  expect(read([{ toolCallType: "function", toolCallId: "t", toolName: "look", args: { a: 1 } }], "assistant")).toEqual([
    { role: "assistant", parts: [called] },
  ]);
});

test("the call of a function, as OpenLLMetry writes what a workflow was given", () => {
  expect(read({ args: ["Hi"], kwargs: {} })).toEqual([said("user", "Hi")]);
  expect(read({ args: [], kwargs: { city: "Paris" } })).toEqual([{ role: "user", parts: [{ type: "other", value: { city: "Paris" } }] }]);
});

test("Genkit: an answer with the reason for its end, calls and answers of tools", () => {
  const message = { role: "model", content: [{ text: "Done." }, { toolRequest: { ref: "t", name: "look", input: { a: 1 } } }] };
  expect(read({ message, finishReason: "stop", usage: { inputTokens: 1 }, latencyMs: 1 })).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "Done." }, called], finishReason: "stop" },
  ]);
  const answer = { role: "tool", content: [{ toolResponse: { ref: "t", name: "look", output: "found" } }] };
  expect(read({ messages: [answer] })).toEqual([{ role: "tool", parts: [answered] }]);
});

test("Bedrock's Converse API", () => {
  const system = [{ text: "Be kind." }];
  const messages = [
    { role: "user", content: [{ text: "Hi" }] },
    { role: "assistant", content: [{ toolUse: { toolUseId: "t", name: "look", input: { a: 1 } } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "t", content: "found", status: "success" } }] },
  ];
  expect(read({ system, messages })).toEqual([
    said("system", "Be kind."),
    said("user", "Hi"),
    { role: "assistant", parts: [called] },
    { role: "user", parts: [answered] },
  ]);
});

test("chains: a lone input or output", () => {
  expect(read({ input: "Hi" })).toEqual([said("user", "Hi")]);
  expect(read({ output: { role: "assistant", content: "Done." } })).toEqual([said("assistant", "Done.")]);
  expect(read({ outputs: { role: "assistant", content: "Done." } })).toEqual([said("assistant", "Done.")]);
});

test("content of an unknown shape is kept whole", () => {
  expect(read({ question: "Hi" })).toEqual([{ role: "user", parts: [{ type: "other", value: { question: "Hi" } }] }]);
  expect(read({ role: "user", content: [{ type: "text", text: "Hi", mood: "good" }] })).toEqual([
    { role: "user", parts: [{ type: "other", value: { type: "text", text: "Hi", mood: "good" } }] },
  ]);
});

test("whatever stands where messages belong, the result is in the canonical form", () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const odd: unknown[] = [
    ...["[", "[]", "{}", "null", "5", '["a",1,null,[]]', '[{"role":1}]', '{"role":"user","parts":"x"}', '[{"type":"constructor"}]', deep],
    ...[
      '{"messages":[1,[2,[3]]]}',
      '{"choices":[{}]}',
      '{"candidates":[{"content":null}]}',
      '{"generations":[]}',
      '{"args":[],"kwargs":1}',
    ],
    ...['{"type":"human"}', '{"kwargs":{},"id":[]}', '{"role":"x","tool_calls":[1,{"function":{}}]}', '{"input":{"input":{"input":1}}}'],
    ...[7, true, null, undefined, [null], { functionCall: { name: 1 } }],
  ];
  for (const value of odd) expect(z.array(Message).safeParse(readMessages(value, "user")).success, String(value).slice(0, 80)).toBe(true);
});

const WORDS = [
  "role",
  "content",
  "parts",
  "type",
  "text",
  "messages",
  "system",
  "tool_calls",
  "function",
  "name",
  "arguments",
  "id",
  "input",
]
  .concat(["output", "kwargs", "args", "choices", "message", "candidates", "contents", "generations", "data", "functionCall", "toolCallId"])
  .concat(["tool_use", "tool_result", "thinking", "tool-call", "tool-result", "human", "ai", "user", "model", "reasoning", "__proto__"]);

/** Random values made of the words that the readers look for, determined by `seed`. */
function aValue(seed: number): unknown {
  const random = mulberry32(seed);
  const next = (below: number): number => Math.floor(random() * below);
  const word = (): string => WORDS[next(WORDS.length)] ?? "";
  const made = (depth: number): unknown => {
    const form = next(depth === 0 ? 3 : 8);
    if (form === 0) return [null, true, 7, ""][next(4)];
    if (form < 3) return word();
    const members = Array.from({ length: next(4) }, () => made(depth - 1));
    return form < 5 ? members : Object.fromEntries(members.map((member) => [word(), member]));
  };
  return made(6);
}

test("values made of what the readers look for, in any arrangement, give messages in the canonical form", () => {
  for (let seed = 0; seed < 5_000; seed += 1) {
    const value = aValue(seed);
    expect(z.array(Message).safeParse(readMessages(value, "user")).success, JSON.stringify(value)).toBe(true);
  }
});
