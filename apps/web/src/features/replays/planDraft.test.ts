import { expect, test } from "vitest";
import { newDraft, readDraft } from "./planDraft.ts";

test("a new form asks for a live replay from the moment at which it was opened", () => {
  expect(readDraft(newDraft(4), 9)).toEqual({
    plan: { mode: "live", from: 4, against: null, model: null, tools: {}, allowsEffects: false },
  });
});

test("a recorded replay gets only settings that apply to it", () => {
  const draft = { ...newDraft(4), mode: "recorded", model: "m", promptKind: "name", prompt: "support@2", against: " 1.2.0 " } as const;
  expect(readDraft(draft, 9)).toEqual({ plan: { mode: "recorded", against: "1.2.0", tools: {} } });
});

const answer = (name: string, output: string) => ({ name, output, isError: false });

test("all settings are in the plan", () => {
  const tools = [answer("search", "a"), answer(" think ", "b")];
  const draft = { ...newDraft(1), promptKind: "text", prompt: "Be kind.", tools } as const;
  expect(readDraft(draft, 9)).toMatchObject({
    plan: { prompt: { text: "Be kind." }, tools: { search: [{ output: "a" }], think: [{ output: "b" }] } },
  });
});

test("a second answer for a tool, which would never be used, is refused", () => {
  const draft = { ...newDraft(1), tools: [answer("search", "a"), answer("think", "t"), answer("search ", "b")] };
  expect(readDraft(draft, 9)).toEqual({ faults: { tools: expect.stringContaining("one answer for search") } });
});

test("errors are reported by field", () => {
  const draft = { ...newDraft(10), promptKind: "name", prompt: "support", tools: [{ name: " ", output: "", isError: false }] } as const;
  const read = readDraft(draft, 9);
  expect("faults" in read && Object.keys(read.faults)).toEqual(["from", "prompt", "tools"]);
  expect(readDraft({ ...newDraft(1), from: "1.5" }, 9)).toEqual({ faults: { from: "a step from 1 to 9" } });
});

test("a replay with outside effects needs a reason", () => {
  const draft = { ...newDraft(1), allowsEffects: true };
  expect(readDraft(draft, 9)).toEqual({ faults: { reason: "why, in a few words" } });
  expect(readDraft({ ...draft, reason: " a try " }, 9)).toMatchObject({ reason: "a try", plan: { allowsEffects: true } });
});
