import type { ToolDefinition, Turn } from "@signalbox/model";
import { expect, test } from "vitest";
import type { ChatAnswer } from "../../../chat/chatEndpoint.ts";
import { readAnswer } from "./readAnswer.ts";

const CANCEL: ToolDefinition = {
  name: "cancel",
  description: "Cancels a trip.",
  parameters: { type: "object", properties: { trip: { type: "string" } }, required: ["trip"], additionalProperties: false },
  endsEpisode: false,
};

function answering(answer: Partial<Omit<ChatAnswer, "toolCalls">> & { calls?: [name: string, given: string][] }): ChatAnswer {
  const { calls = [], ...rest } = answer;
  const toolCalls = calls.map(([name, given], index) => ({
    id: `c${index}`,
    type: "function" as const,
    function: { name, arguments: given },
  }));
  return { model: "m", content: "", finishReason: "stop", usage: null, toolCalls, ...rest };
}

const read = (answer: Parameters<typeof answering>[0], turns: readonly Turn[] = []) => readAnswer(answering(answer), [CANCEL], turns);

function called(trip: string): Turn {
  return { kind: "tool", callId: "c", call: { name: "cancel", arguments: { trip } }, said: null, output: "done" };
}

test("text is a reply; a tool call is a call, with the text beside it", () => {
  expect(read({ content: "Done." })).toMatchObject({ kind: "reply", content: "Done." });
  expect(read({ content: "One moment.", calls: [["cancel", '{"trip":"A"}']] })).toEqual({
    kind: "tool",
    callId: "c0",
    call: { name: "cancel", arguments: { trip: "A" } },
    said: "One moment.",
    reason: "m asks for it.",
  });
});

test("of several calls the first is made, and the decision says so", () => {
  const calls: [string, string][] = [
    ["cancel", '{"trip":"A"}'],
    ["cancel", '{"trip":"B"}'],
  ];
  expect(read({ calls })).toMatchObject({ call: { arguments: { trip: "A" } }, reason: expect.stringContaining("first of 2 calls") });
});

test.each<[string, Parameters<typeof answering>[0], string]>([
  ["nothing", {}, "empty"],
  ["white space", { content: " \n" }, "empty"],
  ["an unknown tool", { calls: [["teleport", "{}"]] }, 'no tool "teleport". There are cancel.'],
  ["arguments that are no JSON", { calls: [["cancel", "{trip: A"]] }, "not JSON"],
  ["arguments that are no object", { calls: [["cancel", '["A"]']] }, "must be a JSON object"],
  ["no arguments where some are needed", { calls: [["cancel", ""]] }, "trip"],
  ["an argument of another type", { calls: [["cancel", '{"trip":7}']] }, "trip"],
  ["an argument that nobody knows", { calls: [["cancel", '{"trip":"A","why":"x"}']] }, "why"],
  ["an argument that cannot be stored", { calls: [["cancel", '{"trip":"A\\u0000"}']] }, "arguments.trip holds a NUL character"],
  ["an answer that was cut off", { content: "I will", finishReason: "length" }, "too long"],
  ["an answer that we cut off", { content: "aaa", finishReason: "too_long" }, "too long"],
  ["an answer that was held back", { finishReason: "content_filter" }, "content filter"],
])("%s is rejected, with a problem that the model can mend", (_name, answer, problem) => {
  expect(read(answer)).toMatchObject({ kind: "rejected", problem: expect.stringContaining(problem) });
});

test("a call may be repeated once, and after that it is rejected, also when others came between", () => {
  const call = { calls: [["cancel", '{"trip":"A"}']] as [string, string][] };
  expect(read(call, [called("A")])).toMatchObject({ kind: "tool" });
  expect(read(call, [called("A"), called("B"), called("A")])).toMatchObject({
    kind: "rejected",
    problem: expect.stringContaining("2 times already"),
  });
});

test("no two calls of a conversation share an id", () => {
  const call = answering({ calls: [["cancel", '{"trip":"A"}']] });
  const again = [called("B"), { ...called("C"), callId: "c0" } as Turn];
  expect(readAnswer(call, [CANCEL], again)).toMatchObject({ kind: "tool", callId: "call_3" });
  const nameless = { ...call, toolCalls: call.toolCalls.map((asked) => ({ ...asked, id: "" })) };
  expect(readAnswer(nameless, [CANCEL], [])).toMatchObject({ kind: "tool", callId: "call_1" });
});

test("the beginning of an unusable answer is kept, including its calls", () => {
  expect(read({ content: "Ha", calls: [["teleport", '{"to":"mars"}']] })).toMatchObject({ answer: 'Ha\nteleport({"to":"mars"})' });
  expect(read({})).toMatchObject({ answer: "(nothing)" });
  const { answer } = read({ content: "a".repeat(9_000), finishReason: "too_long" }) as { answer: string };
  expect(answer).toHaveLength(2_001);
});

test("a schema that cannot be checked here leaves the judgement to the tool", () => {
  const odd: ToolDefinition = { ...CANCEL, parameters: { type: "object", $dynamicRef: "#x", unevaluatedProperties: false } };
  expect(readAnswer(answering({ calls: [["cancel", '{"a":1}']] }), [odd], [])).toMatchObject({ kind: "tool" });
});

test("words that cannot be stored are made storable: a NUL in a reply, and half a character where a long answer is cut", () => {
  expect(read({ content: "Do\u0000ne." })).toMatchObject({ kind: "reply", content: "Do\ufffdne." });
  const move = read({ content: `${"a".repeat(1_999)}🛫b`, finishReason: "length" });
  expect(move).toMatchObject({ kind: "rejected", answer: expect.stringMatching(/a\ufffd…$/) });
});
