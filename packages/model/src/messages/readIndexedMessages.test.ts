import { expect, test } from "vitest";
import { readIndexedMessages } from "./readIndexedMessages.ts";

const readAll = (attributes: Record<string, unknown>, prefix: string, role = "user") =>
  readIndexedMessages(new Map(Object.entries(attributes)), { prefix, role, textMin: 3 });
const read = (...given: Parameters<typeof readAll>) => readAll(...given).messages;

test("messages that OpenInference flattens, with parts and tool calls", () => {
  const messages = read(
    {
      "llm.input_messages.1.message.role": "assistant",
      "llm.input_messages.1.message.tool_calls.0.tool_call.id": "t1",
      "llm.input_messages.1.message.tool_calls.0.tool_call.function.name": "look",
      "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments": '{"a":1}',
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.contents.0.message_content.type": "text",
      "llm.input_messages.0.message.contents.0.message_content.text": "Hi",
      "llm.input_messages.2.message.role": "tool",
      "llm.input_messages.2.message.tool_call_id": "t1",
      "llm.input_messages.2.message.content": "found",
      "llm.output_messages.0.message.content": "elsewhere",
    },
    "llm.input_messages",
  );
  expect(messages).toEqual([
    { role: "user", parts: [{ type: "text", content: "Hi" }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "look", arguments: '{"a":1}' }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "t1", response: "found" }] },
  ]);
});

test("messages that OpenLLMetry and AgentOps flatten, the tenth after the second", () => {
  const messages = read(
    {
      "gen_ai.completion.10.content": "last",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.finish_reason": "tool_calls",
      "gen_ai.completion.0.tool_calls.0.id": "t1",
      "gen_ai.completion.0.tool_calls.0.name": "look",
      "gen_ai.completion.0.tool_calls.0.arguments": "{}",
      "gen_ai.completion.2.content": "second",
    },
    "gen_ai.completion",
    "assistant",
  );
  expect(messages).toEqual([
    { role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "look", arguments: "{}" }], finishReason: "tool_calls" },
    { role: "assistant", parts: [{ type: "text", content: "second" }] },
    { role: "assistant", parts: [{ type: "text", content: "last" }] },
  ]);
});

test("attributes that only look flattened give no messages and no error", () => {
  expect(read({ "gen_ai.prompt": "Hi", "gen_ai.prompt.name": "greeting" }, "gen_ai.prompt")).toEqual([]);
  expect(read({ "p.0": "Hi", "p.0.role": "user", "p.__proto__.x": 1, "p.name": "greeting" }, "p")).toEqual([
    { role: "user", parts: [{ type: "text", content: "Hi" }] },
  ]);
  expect(read({ "p.0.message.role": "user" }, "p")).toEqual([]);
  expect(read({ [`p.0${".a".repeat(100_000)}`]: "x" }, "p")).toEqual([]);
});

test("tells which attributes' long texts are whole in the messages", () => {
  const attributes = {
    "p.0.content": "what is a long text",
    "p.0.tool_calls.0.name": "look",
    "p.0.tool_calls.0.arguments": '{"a":1}',
    "p.1.content": "Hi",
    "p.1.note": "what is a long text",
    "p.2.contents.0.text": "twice",
    "p.2.contents.1.text": "twice",
    "p.note": "what is a long text",
    "p.3.content.deeper": "what is a long text",
  };
  const { wholeTexts } = readAll(attributes, "p");
  expect([...wholeTexts.keys()]).toEqual([
    "p.0.content",
    "p.0.tool_calls.0.name",
    "p.0.tool_calls.0.arguments",
    "p.2.contents.0.text",
    "p.2.contents.1.text",
  ]);
});

test("a text under two keys of a message that is in it once is whole under neither", () => {
  const { messages, wholeTexts } = readAll({ "p.0.content": "the same", "p.0.nobody.knows": "the same" }, "p");
  expect(messages).toEqual([{ role: "user", parts: [{ type: "text", content: "the same" }] }]);
  expect([...wholeTexts]).toEqual([]);
});
