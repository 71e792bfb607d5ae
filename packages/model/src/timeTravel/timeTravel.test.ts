import { expect, test } from "vitest";
import { A_LIFE, aTaskLife } from "../testing/index.ts";
import { knownRequests } from "./knownRequests.ts";
import { momentsOf } from "./taskMoment.ts";
import { stateAt } from "./taskState.ts";
import { type Lasting, timelineOf } from "./taskTimeline.ts";

const history = aTaskLife();
const keys = momentsOf(history).map(({ key }) => key);
const stateOf = (key: string) => stateAt(history, keys.indexOf(key));

test("a task's moments are its steps with their decisions, and what was decided about the whole between them", () => {
  expect(keys).toEqual(["d0", "1", "2", "d3", "d4", "3", "4", "d7", "d8", "5", "6", "7", "d12"]);
  const third = momentsOf(history)[5];
  expect(third?.decisions.map(({ kind }) => kind)).toEqual(["planned", "tool_called"]);
  expect(third?.time).toBe("2026-11-23T12:00:05.000Z");
});

test("before its first step a task has what was asked of it", () => {
  expect(stateOf("d0")).toMatchObject({
    facts: { status: "queued", run: 1, attempt: 0, planner: "rules", intent: null },
    conversation: [{ kind: "user", content: "Book me a flight." }],
    memory: [],
  });
});

test("what was understood and recalled is there from its step on", () => {
  expect(stateOf("1").facts).toMatchObject({ status: "running", attempt: 1, intent: "book", confidence: 0.5, slots: { to: "SEA" } });
  expect(stateOf("1").memory).toEqual([]);
  expect(stateOf("2").memory).toEqual([
    { kind: "turn", role: "user", content: "I like aisles." },
    { kind: "outage", content: "No documents." },
  ]);
});

test("a failure stays until something comes after it, and ends the task when nothing may", () => {
  expect(stateOf("d3").facts).toMatchObject({ status: "running", error: "why timed_out" });
  expect(stateOf("d4").facts).toMatchObject({ status: "waiting", error: "why timed_out" });
  expect(stateOf("3").facts).toMatchObject({ status: "running", error: null, attempt: 2, plan: "call search_flights", tokens: 100 });
  expect(stateOf("d7").facts).toMatchObject({ status: "dead", error: "why attempts_exhausted", toolCalls: 1 });
});

test("a call stands alone until its tool has answered", () => {
  expect(stateOf("3").conversation.map(({ kind }) => kind)).toEqual(["user", "call"]);
  expect(stateOf("4").conversation.at(-1)).toEqual({ kind: "output", callId: "c1", name: "search_flights", output: "[]", isError: false });
});

test("an edited request begins anew, an unedited one goes on", () => {
  expect(stateOf("d8")).toMatchObject({
    facts: { status: "queued", run: 2, intent: null, moves: 0, toolCalls: 0, tokens: 100 },
    conversation: [{ kind: "user", content: "Book me a train." }],
    memory: [],
  });
  const unedited = aTaskLife(A_LIFE.map((one) => ("detail" in one ? { ...one, detail: { isEdited: false } } : one)));
  expect(stateAt(unedited, 8)).toMatchObject({ facts: { run: 2, intent: "book" }, memory: [{ kind: "turn" }, { kind: "outage" }] });
  expect(stateAt(unedited, 8).conversation).toHaveLength(3);
});

test("a run whose request is not kept has the message that it understood, and never another run's", () => {
  const [, later] = history.requests;
  const kept = [null, { message: later?.message ?? "", planner: { kind: "rules" } as const }];
  const requests = knownRequests(kept, history.steps, history.decisions);
  expect(requests).toMatchObject([{ message: "Book me a flight.", planner: null }, { message: "Book me a train." }]);
  const before = knownRequests(kept, [], history.decisions);
  expect(before).toMatchObject([null, { message: "Book me a train." }]);
  const conversationAt = (index: number) => stateAt({ ...history, requests: before }, index).conversation;
  expect(conversationAt(0)).toEqual([{ kind: "not_kept", run: 1 }]);
  expect(conversationAt(8)).toEqual([{ kind: "user", content: "Book me a train." }]);
});

test("a run that was redriven as it was has the request of the next one", () => {
  const unedited = aTaskLife(A_LIFE.map((one) => ("detail" in one ? { ...one, detail: { isEdited: false } } : one)));
  const kept = { message: "Book me a flight.", planner: { kind: "rules" } as const };
  expect(knownRequests([null, kept], unedited.steps, unedited.decisions)).toEqual([kept, kept]);
});

test("at its end a task has all that it came to", () => {
  expect(stateOf("d12")).toMatchObject({
    facts: { status: "done", run: 2, attempt: 3, intent: "other", abstained: true, plan: "stop", moves: 1, error: null },
    conversation: [{ kind: "user" }, { kind: "reply", content: "I do flights alone." }],
    memory: [{ kind: "kept", session: "s", turns: 2 }],
  });
});

test("the timeline says of every moment what the fold says", () => {
  const { facts, conversation, memory } = timelineOf(history);
  const lastingAt = <Value>(list: readonly Lasting<Value>[], index: number): Value[] =>
    list.filter(({ since, until }) => since <= index && (until === null || index < until)).map(({ value }) => value);
  for (const index of keys.keys()) {
    const state = stateAt(history, index);
    expect(Object.fromEntries(lastingAt(facts, index).map(({ name, value }) => [name, value]))).toEqual(state.facts);
    expect(lastingAt(conversation, index)).toEqual(state.conversation);
    expect(lastingAt(memory, index)).toEqual(state.memory);
  }
});

test("a timeline is about as long as its task", () => {
  const turn = A_LIFE.slice(5, 7);
  const long = aTaskLife([...A_LIFE.slice(0, 5), ...Array.from({ length: 700 }, () => turn).flat()]);
  const { moments, facts, conversation } = timelineOf(long);
  expect([moments.length, conversation.length]).toEqual([1_405, 1_401]);
  expect(facts.length).toBeLessThan(3 * moments.length);
});

test("steps whose decisions are gone still have their place", () => {
  expect(momentsOf({ ...history, decisions: [] }).map(({ key }) => key)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
});
