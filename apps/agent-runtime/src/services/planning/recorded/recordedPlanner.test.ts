import type { PlannerChoice, RecordedTurn, Turn } from "@signalbox/model";
import { expect, test } from "vitest";
import { playRecording } from "./recordedPlanner.ts";

const CALL = { id: "c1", name: "calculate", arguments: { expression: "1 + 1" } };
const ASKING: RecordedTurn = { role: "assistant", content: null, toolCall: CALL };
const REPLY: RecordedTurn = { role: "assistant", content: "Two.", toolCall: null };
const GOODBYE: RecordedTurn = { role: "user", content: "Thanks ###STOP###" };

function recording(turns: RecordedTurn[]): Extract<PlannerChoice, { kind: "recorded" }> {
  return { kind: "recorded", model: "m", provider: "p", system: "s", turns };
}

const TOOL: Turn = { kind: "tool", callId: "c1", call: { name: "calculate", arguments: CALL.arguments }, said: null, output: "2.0" };
const SAID: Turn = { kind: "reply", content: "Two." };

test("each recorded turn is one move, and the customer's goodbye ends the conversation", () => {
  const planner = recording([ASKING, REPLY, GOODBYE]);
  const played = [[], [TOOL], [TOOL, SAID], [TOOL, SAID, { kind: "user" as const, content: GOODBYE.content ?? "" }]];
  const moves = played.map((turns) => playRecording(planner, { message: "1 + 1?", turns }));
  expect(moves).toMatchObject([
    { kind: "tool", callId: "c1", call: { name: "calculate" }, said: null },
    { kind: "reply", content: "Two." },
    { kind: "user", content: GOODBYE.content },
    { kind: "stop", ended: true },
  ]);
});

test("a recording that repeats the opening as its first turn plays the same", () => {
  const opening: RecordedTurn = { role: "user", content: "1 + 1?" };
  expect(playRecording(recording([opening, ASKING]), { message: "1 + 1?", turns: [] })).toMatchObject({ kind: "tool" });
});

test("a recording that stops before the customer's goodbye has not ended", () => {
  expect(playRecording(recording([REPLY]), { message: "1 + 1?", turns: [SAID] })).toMatchObject({ kind: "stop", ended: false });
});
