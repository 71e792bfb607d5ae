import { expect, test } from "vitest";
import { type IndexedAttribute, readIndexedKey, readIndexedMessages } from "./readIndexedMessages.ts";

function read(attributes: Record<string, unknown>, prefix: string, role = "user") {
  const indexed = Object.entries(attributes).flatMap(([key, value]): IndexedAttribute[] => {
    const indexedKey = readIndexedKey(key, prefix);
    return indexedKey === null ? [] : [[indexedKey, value]];
  });
  return readIndexedMessages(indexed, role);
}

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
  expect(read({ "p.0.__proto__.content": "Hi", "p.0.constructor.name": "x" }, "p")).toEqual([]);
  expect(read({ [`p.0${".a".repeat(100_000)}`]: "x" }, "p")).toEqual([]);
});
