import { expect, test } from "vitest";
import { openAnswer } from "./answerInParts.ts";

type Delta = Record<string, unknown>;

/** The answer assembled from these parts, with its end. */
function answerOf(...deltas: Delta[]) {
  const answer = openAnswer("m");
  for (const delta of deltas) answer.take({ choices: [{ delta }] });
  answer.take({ choices: [{ delta: {}, finish_reason: "stop" }] });
  return answer.whole();
}

function callPart(part: { index?: number; id?: string; name?: string; given?: string }): Delta {
  const { index, id, name, given } = part;
  return { tool_calls: [{ index, id, type: "function", function: { name, arguments: given } }] };
}

const callsOf = (...deltas: Delta[]) =>
  answerOf(...deltas)?.toolCalls.map(({ id, function: called }) => [id, called.name, called.arguments]);

test("calls whose parts arrive interleaved are kept apart by their index", () => {
  const parts = [
    callPart({ index: 0, id: "a", name: "first" }),
    callPart({ index: 1, id: "b", name: "second" }),
    callPart({ index: 1, given: "{2" }),
    callPart({ index: 0, given: "{1" }),
    callPart({ index: 0, given: "}" }),
    callPart({ index: 1, given: "}" }),
  ];
  expect(callsOf(...parts)).toEqual([
    ["a", "first", "{1}"],
    ["b", "second", "{2}"],
  ]);
});

test("calls that a server sends under one index, or none, are kept apart by their ids", () => {
  const whole = [callPart({ index: 0, id: "a", name: "first", given: "{}" }), callPart({ index: 0, id: "b", name: "second", given: "{}" })];
  const placeless = [callPart({ id: "a", name: "first", given: "{}" }), callPart({ id: "b", name: "second", given: "{}" })];
  for (const parts of [whole, placeless])
    expect(callsOf(...parts)).toEqual([
      ["a", "first", "{}"],
      ["b", "second", "{}"],
    ]);
});

test("a call without an id has none, and a large index leaves no holes", () => {
  expect(callsOf(callPart({ index: 4_000_000, name: "only", given: "{}" }))).toEqual([["", "only", "{}"]]);
});

test("a refusal counts as the text of the answer", () => {
  expect(answerOf({ refusal: "I would rather " }, { refusal: "not." })?.content).toBe("I would rather not.");
});

test("without an end there is no answer", () => {
  const answer = openAnswer("m");
  answer.take({ choices: [{ delta: { content: "Hel" } }] });
  expect(answer.whole()).toBeNull();
});

test("usage details that are not numbers count as zero, and a malformed usage is not reported", () => {
  const answer = openAnswer("m");
  const choices = [{ delta: {}, finish_reason: "stop" }];
  answer.take({ choices, usage: { prompt_tokens: 7, completion_tokens: 2, prompt_tokens_details: { cached_tokens: null } } });
  expect(answer.whole()?.usage).toEqual({ inputTokens: 7, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 });
  const silent = openAnswer("m");
  silent.take({ choices, usage: { prompt_tokens: "many" } });
  expect(silent.whole()?.usage).toBeNull();
});

test("endless arguments are cut off like endless text", () => {
  const answer = openAnswer("m");
  const part = callPart({ index: 0, id: "a", name: "first", given: "x".repeat(60_000) });
  expect(answer.take({ choices: [{ delta: part }] })).toBe("more");
  expect(answer.take({ choices: [{ delta: part }] })).toBe("too_long");
  expect(answer.whole()?.finishReason).toBe("too_long");
});
