import { expect, test } from "vitest";
import { sideRows, stateRows, strictnessOf } from "./sideRows.ts";
import type { SideStep } from "./words.ts";

const said = (step: number, content: string): SideStep => ({
  ...{ step, attempt: 1, durationMs: 1, tokens: 0, costUsd: 0 },
  stage: { kind: "user", input: {}, output: { content } },
});

test("steps stand beside those of the same number, and differ by what they did, not by how long it took", () => {
  const recorded = { steps: [said(1, "a"), said(2, "b")] };
  const replayed = { steps: [{ ...said(1, "a"), durationMs: 9 }, said(2, "c"), said(3, "d")] };
  expect(sideRows([recorded, replayed], strictnessOf("recorded"))).toMatchObject([
    { step: 1, isSame: true },
    { step: 2, isSame: false },
    { step: 3, isSame: false, steps: [null, { step: 3 }] },
  ]);
});

test("where one of two went live, a call is the same under another id", () => {
  const call = (callId: string): SideStep => ({
    ...said(1, ""),
    stage: { kind: "move", input: {}, output: { kind: "tool", callId, call: { name: "think", arguments: {} }, said: null, reason: "" } },
  });
  const sides = [{ steps: [call("a")] }, { steps: [call("b")] }];
  expect(sideRows(sides, strictnessOf("recorded", "live"))).toMatchObject([{ isSame: true }]);
  expect(sideRows(sides, strictnessOf("recorded", "recorded"))).toMatchObject([{ isSame: false }]);
});

test("documents are told of which two sides that were looked at made different ones", () => {
  const state = (changed: Record<string, string>) => ({ state: { changed, dataHash: "0".repeat(64) } });
  const sides = [state({ r1: "x", r2: "y" }), state({ r1: "z", r2: "y", r3: "n" }), { state: null }];
  expect(stateRows(sides)).toEqual([
    { document: "r1", texts: ["x", "z", undefined] },
    { document: "r3", texts: [null, "n", undefined] },
  ]);
});
