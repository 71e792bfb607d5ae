import type { Message } from "@signalbox/model";
import { expect, test } from "vitest";
import { turnText } from "./turnText.ts";

const said = (role: string, ...contents: string[]): Message => ({ role, parts: contents.map((content) => ({ type: "text", content })) });
const call: Message = { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "find", arguments: {} }] };

test("of a history that a model call repeats, the last question is the turn's", () => {
  const history = [said("system", "be kind"), said("user", "first"), said("assistant", "yes?"), said("user", "second", "and more"), call];
  expect(turnText(history, "user")).toEqual({ text: "second\n\nand more", isCut: false });
});

test("where nobody has the role, the last words count, and without words there is nothing", () => {
  expect(turnText([said("human", "hello")], "user")).toEqual({ text: "hello", isCut: false });
  expect(turnText([call], "assistant")).toBeNull();
  expect(turnText([], "user")).toBeNull();
});

test("a long text is cut and says so", () => {
  expect(turnText([said("user", "x".repeat(20_001))], "user")).toEqual({ text: "x".repeat(20_000), isCut: true });
});
