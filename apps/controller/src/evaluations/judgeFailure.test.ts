import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { judgeFailure, WAIT_MS } from "./judgeFailure.ts";

const BUSY = new AppError("upstream_unavailable", "The tools do not answer.");

test("what may pass is tried again, after a wait that doubles up to its limit", () => {
  const waits = [1, 2, 3, 50].map((failures) => judgeFailure(BUSY, failures));
  expect(waits).toEqual([5_000, 10_000, 20_000, WAIT_MS.max].map((delayMs) => ({ kind: "postpone", delayMs })));
});

test("so is what nobody has a name for", () => {
  expect(judgeFailure(new TypeError("x is undefined"), 1)).toEqual({ kind: "postpone", delayMs: WAIT_MS.first });
});

test.each(["invalid_input", "not_found", "conflict"] as const)("%s is given up: another try would end the same", (code) => {
  expect(judgeFailure(new AppError(code, "no"), 1)).toEqual({ kind: "give_up" });
});
