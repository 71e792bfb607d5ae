import { expect, test } from "vitest";
import { sideRows, stateRows, strictnessOf } from "./sideRows.ts";
import type { SideStep } from "./words.ts";

const said = (step: number, content: string): SideStep => ({
  ...{ step, attempt: 1, durationMs: 1, tokens: 0, costUsd: 0 },
  stage: { kind: "user", input: {}, output: { content } },
});

test("steps are aligned by number, and compared by what they did, not by how long it took", () => {
  const recorded = { steps: [said(1, "a"), said(2, "b")] };
  const replayed = { steps: [{ ...said(1, "a"), durationMs: 9 }, said(2, "c"), said(3, "d")] };
  expect(sideRows([recorded, replayed], strictnessOf("recorded"))).toMatchObject([
    { step: 1, isSame: true },
    { step: 2, isSame: false },
    { step: 3, isSame: false, steps: [null, { step: 3 }] },
  ]);
});

test("if one of two went live, a call under another id counts as the same", () => {
  const call = (callId: string): SideStep => ({
    ...said(1, ""),
    stage: { kind: "move", input: {}, output: { kind: "tool", callId, call: { name: "think", arguments: {} }, said: null, reason: "" } },
  });
  const sides = [{ steps: [call("a")] }, { steps: [call("b")] }];
  expect(sideRows(sides, strictnessOf("recorded", "live"))).toMatchObject([{ isSame: true }]);
  expect(sideRows(sides, strictnessOf("recorded", "recorded"))).toMatchObject([{ isSame: false }]);
});

test("documents are listed that differ between two inspected sides", () => {
  const state = (changed: Record<string, string>) => ({ state: { changed, dataHash: "0".repeat(64) } });
  const sides = [state({ r1: "x", r2: "y" }), state({ r1: "z", r2: "y", r3: "n" }), { state: null }];
  expect(stateRows(sides)).toEqual([
    { document: "r1", texts: ["x", "z", undefined] },
    { document: "r3", texts: [null, "n", undefined] },
  ]);
});
