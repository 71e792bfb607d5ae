import type { RedriveView } from "@signalbox/db/prisma";
import { expect, test } from "vitest";
import { nextMove } from "./nextMove.ts";

const NONE = { pending: 0, running: 0, passed: 0, failed: 0, skipped: 0, released: 0 };

function aView(given: Partial<RedriveView> = {}): RedriveView {
  const first = { running: 0, passed: 0, failed: 0, failure: null };
  return { ratePerSecond: 200, tokens: 0, tokensAtMs: 0, tryFirst: null, first, hasPending: true, isAtWork: false, ended: null, ...given };
}

test("the rate holds however often it is checked, and tokens saved during a pause are bounded", () => {
  let view = aView({ tokens: 1 });
  let letters = 0;
  for (let nowMs = 0; nowMs <= 4_000; nowMs += 7) {
    const move = nextMove(view, nowMs);
    if (move.kind !== "redrive") continue;
    letters += move.letters;
    view = aView({ tokens: move.tokens, tokensAtMs: nowMs });
  }
  expect(letters).toBeGreaterThanOrEqual(798);
  expect(letters).toBeLessThanOrEqual(801);
  expect(nextMove(aView(), 3_600_000)).toEqual({ kind: "redrive", letters: 50, tokens: 0 });
});

test("a rate below one per second makes progress too", () => {
  const slow = { ratePerSecond: 0.5 };
  expect(nextMove(aView(slow), 1_999)).toEqual({ kind: "wait" });
  expect(nextMove(aView(slow), 2_000)).toMatchObject({ kind: "redrive", letters: 1 });
});

test("only the first share is redriven until it has ended", () => {
  const first = (running: number, passed: number, failed: number) => ({ running, passed, failed, failure: "No answer." });
  const at = (counts: ReturnType<typeof first>) => nextMove(aView({ tryFirst: 5, tokens: 50, first: counts }), 0);
  expect(at(first(0, 0, 0))).toMatchObject({ kind: "redrive", letters: 5 });
  expect(at(first(3, 0, 0))).toMatchObject({ kind: "redrive", letters: 2 });
  expect(at(first(1, 4, 0))).toEqual({ kind: "wait" });
  expect(at(first(0, 5, 0))).toMatchObject({ kind: "redrive", letters: 50 });
  expect(at(first(1, 0, 4))).toEqual({ kind: "wait" });
  expect(at(first(0, 0, 5))).toEqual({ kind: "stop", note: "5 of the first 5 failed again: No answer." });
  expect(at(first(0, 4, 1))).toEqual({ kind: "stop", note: "1 of the first 5 failed again: No answer." });
});

test("a redrive is over when the last letter's task has ended, not when that was queued", () => {
  expect(nextMove(aView({ hasPending: false, isAtWork: true }), 0)).toEqual({ kind: "wait" });
  expect(nextMove(aView({ hasPending: false, ended: { ...NONE, passed: 8, failed: 1, skipped: 1 } }), 0)).toEqual({
    kind: "done",
    note: "8 ended well, 1 failed again, 1 were skipped.",
  });
});
