import { expect, test } from "vitest";
import { readBody } from "./messagesOfRun.ts";

const text = (content: string) => ({ type: "text", content });
const said = (role: string, content: string) => ({ role, parts: [text(content)] });
const lc = (className: string, kwargs: object) => ({ lc: 1, type: "constructor", id: ["langchain_core", "messages", className], kwargs });

test.each([
  ["a function's only argument", { input: "Hi" }, [said("user", "Hi")], null],
  ["an argument of any name", { question: "Hi" }, [said("user", "Hi")], null],
  ["an argument beside others", { input: "Hi", chat_history: [1] }, [said("user", "Hi")], { chat_history: [1] }],
  ["several arguments", { a: "Hi", b: "there" }, [], { a: "Hi", b: "there" }],
  ["nothing", {}, [], {}],
  ["prompts of a completion", { prompts: ["One", "Two"] }, [said("user", "One"), said("user", "Two")], null],
  [
    "messages of a chat provider",
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", name: "Ann", content: [{ type: "text", text: "Hi" }] },
      ],
      model: "m",
    },
    [said("system", "Be brief."), { ...said("user", "Hi"), name: "Ann" }],
    { model: "m" },
  ],
  [
    "a tool's answer among messages",
    { messages: [{ role: "tool", tool_call_id: "c1", content: "sunny" }] },
    [{ role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "sunny" }] }],
    null,
  ],
  [
    "lists of messages in LangChain's serialised form",
    { messages: [[lc("SystemMessage", { content: "Be brief." }), lc("HumanMessage", { content: "Hi", id: "m1", additional_kwargs: {} })]] },
    [said("system", "Be brief."), said("user", "Hi")],
    { messages: [null, { id: "m1" }] },
  ],
  [
    "Anthropic's parts",
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t", content: "sunny" },
            { type: "image", source: {} },
          ],
        },
      ],
    },
    [
      {
        role: "user",
        parts: [
          { type: "tool_call_response", id: "t", response: "sunny" },
          { type: "image", source: {} },
        ],
      },
    ],
    null,
  ],
  ["what is no message among messages", { messages: [{ role: "user", content: "Hi" }, 7] }, [said("user", "Hi")], { messages: [null, 7] }],
])("inputs: %s", (_name, inputs, messages, rest) => {
  expect(readBody(inputs as never, "user")).toEqual({ messages, rest });
});

test.each([
  ["a text that a function returned", { outputs: "Hello" }, [said("assistant", "Hello")], null],
  ["documents", { documents: [{ page_content: "x", type: "Document" }] }, [], { documents: [{ page_content: "x", type: "Document" }] }],
  [
    "OpenAI's choices",
    {
      id: "c",
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: null,
            refusal: null,
            tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }],
          },
        },
      ],
    },
    [{ role: "assistant", parts: [{ type: "tool_call", id: "1", name: "f", arguments: "{}" }], finish_reason: "tool_calls" }],
    { id: "c" },
  ],
  [
    "LangChain's generations",
    {
      generations: [
        [
          {
            text: "Hello",
            message: lc("AIMessage", {
              content: "Hello",
              tool_calls: [{ id: "1", name: "f", args: { a: 1 }, type: "tool_call" }],
              response_metadata: { model_name: "m" },
            }),
          },
        ],
      ],
      llm_output: null,
    },
    [{ role: "assistant", parts: [text("Hello"), { type: "tool_call", id: "1", name: "f", arguments: { a: 1 } }] }],
    { generations: [{ message: { response_metadata: { model_name: "m" } } }] },
  ],
  [
    "generations of a completion",
    { generations: [[{ text: "Hello", generation_info: { logprobs: 1 } }]] },
    [said("assistant", "Hello")],
    { generations: [{ generation_info: { logprobs: 1 } }] },
  ],
  [
    "LangChain's plain form",
    { output: { type: "ai", content: "Hello", usage_metadata: { input_tokens: 1 } } },
    [said("assistant", "Hello")],
    { output: { usage_metadata: { input_tokens: 1 } } },
  ],
  ["messages that a prompt made", { output: { messages: [{ type: "human", content: "Hi" }] } }, [said("user", "Hi")], null],
  [
    "Anthropic's answer",
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm" },
        { type: "tool_use", id: "t", name: "f", input: { a: 1 } },
      ],
      model: "claude",
    },
    [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "tool_call", id: "t", name: "f", arguments: { a: 1 } },
        ],
      },
    ],
    { model: "claude" },
  ],
  [
    "OpenAI's responses",
    {
      output: [
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello", annotations: [] }] },
        { type: "function_call", name: "f" },
      ],
    },
    [said("assistant", "Hello")],
    { output: [null, { type: "function_call", name: "f" }] },
  ],
])("outputs: %s", (_name, outputs, messages, rest) => {
  expect(readBody(outputs as never, "assistant")).toEqual({ messages, rest });
});
