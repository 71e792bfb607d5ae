import { expect, test } from "vitest";
import type { Message } from "../telemetry/message.ts";
import { conversationOf, type TalkingSpan } from "./conversation.ts";

const text = (role: string, content: string): Message => ({ role, parts: [{ type: "text", content }] });
const call = (id: string): Message => ({ role: "assistant", parts: [{ type: "tool_call", id, name: "find", arguments: { q: "x" } }] });
const answer = (id: string, response: string): Message => ({ role: "tool", parts: [{ type: "tool_call_response", id, response }] });

let clock = 0n;
function aSpan(given: Partial<TalkingSpan>): TalkingSpan {
  clock += 10n;
  return {
    spanId: `s${clock}`,
    kind: "llm",
    name: "chat",
    agent: null,
    model: "gpt-4o",
    startTimeUnixNano: String(clock),
    endTimeUnixNano: String(clock + 5n),
    status: "ok",
    inputMessages: [],
    outputMessages: [],
    tool: null,
    ...given,
  };
}
const aTool = (callId: string | null, result: string): TalkingSpan =>
  aSpan({ kind: "tool", tool: { name: "find", callId, arguments: '{"q":"x"}', result } });

/** An entry in brief: the speaker, and its first part. */
function inShort(spans: TalkingSpan[]): string[] {
  return conversationOf(spans).map((entry) => {
    if (entry.kind === "tool") return `${entry.request === null ? "" : "request "}result ${entry.result}`;
    const [part] = entry.parts;
    return `${entry.role} ${part?.type === "text" ? part.content : part?.type}`;
  });
}

const [system, question, thanks] = [text("system", "be kind"), text("user", "hello"), text("user", "thanks")];

test("what every model call repeats is told once", () => {
  const first = aSpan({ inputMessages: [system, question], outputMessages: [text("assistant", "hi")] });
  const second = aSpan({ inputMessages: [system, question, text("assistant", "hi"), thanks], outputMessages: [text("assistant", "bye")] });
  expect(inShort([first, second])).toEqual(["system be kind", "user hello", "assistant hi", "user thanks", "assistant bye"]);
});

test("the same words said again are told again", () => {
  const yes = text("user", "yes");
  const more = text("assistant", "more?");
  const first = aSpan({ inputMessages: [yes], outputMessages: [more] });
  const second = aSpan({ inputMessages: [yes, more, yes], outputMessages: [more] });
  expect(inShort([first, second])).toEqual(["user yes", "assistant more?", "user yes", "assistant more?"]);
});

test("a tool's result is told by its own span, its call by the model", () => {
  const asks = aSpan({ inputMessages: [question], outputMessages: [call("c1")] });
  const tool = aTool("c1", "found");
  const after = aSpan({ inputMessages: [question, call("c1"), answer("c1", "found")], outputMessages: [text("assistant", "there")] });
  expect(inShort([asks, tool, after])).toEqual(["user hello", "assistant tool_call", "result found", "assistant there"]);
});

test("a result that the model saw differently is told twice, and one without a span by the message", () => {
  const asks = aSpan({ inputMessages: [question], outputMessages: [call("c1"), call("c2")] });
  const tool = aTool("c1", "found");
  const after = aSpan({ inputMessages: [answer("c1", "cut"), answer("c2", "y")] });
  expect(inShort([asks, tool, after])).toEqual([
    "user hello",
    "assistant tool_call",
    "assistant tool_call",
    "result found",
    "tool tool_call_response",
    "tool tool_call_response",
  ]);
});

test("a sender that trims its history does not make it told again", () => {
  const first = aSpan({ inputMessages: [system, question], outputMessages: [text("assistant", "hi")] });
  const second = aSpan({ inputMessages: [system, text("assistant", "hi"), thanks] });
  expect(inShort([first, second])).toEqual(["system be kind", "user hello", "assistant hi", "user thanks"]);
});

test("two agents with the same words keep their own history", () => {
  const main = aSpan({ agent: "main", inputMessages: [question], outputMessages: [text("assistant", "hi")] });
  const helper = aSpan({ agent: "helper", inputMessages: [question], outputMessages: [text("assistant", "hi")] });
  expect(inShort([main, helper])).toHaveLength(4);
});

test("without model calls the spans around them tell, a tool its request too", () => {
  const task = { ...aSpan({ kind: "task", inputMessages: [question] }), endTimeUnixNano: "999999" };
  const agent = aSpan({ kind: "agent", inputMessages: [question], outputMessages: [text("assistant", "done")] });
  const tool = aTool(null, "found");
  expect(inShort([{ ...task, outputMessages: [text("assistant", "done")] }, agent, tool])).toEqual([
    "user hello",
    "assistant done",
    "request result found",
  ]);
});

test("what an agent was told after its last model call closes the conversation", () => {
  const say = (role: string, content: string) => ({ role, parts: [{ type: "text" as const, content }] });
  const span = { name: "", agent: "a", model: null, status: "ok" as const, tool: null };
  const entries = conversationOf([
    {
      ...span,
      spanId: "1",
      kind: "agent",
      startTimeUnixNano: "1",
      endTimeUnixNano: "9",
      inputMessages: [say("user", "hi"), say("user", "bye")],
      outputMessages: [],
    },
    {
      ...span,
      spanId: "2",
      kind: "llm",
      startTimeUnixNano: "2",
      endTimeUnixNano: "3",
      inputMessages: [say("user", "hi")],
      outputMessages: [say("assistant", "hello")],
    },
  ]);
  const texts = entries
    .flatMap((entry) => (entry.kind === "message" ? entry.parts : []))
    .map((part) => (part.type === "text" ? part.content : ""));
  expect(texts).toEqual(["hi", "hello", "bye"]);
});
