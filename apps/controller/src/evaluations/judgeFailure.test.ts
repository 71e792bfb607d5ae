import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { judgeFailure, WAIT } from "./judgeFailure.ts";

const BUSY = new AppError("upstream_unavailable", "The tools do not answer.");

test("an error that may pass is retried, after a wait that doubles up to its limit", () => {
  const waits = [1, 2, 3, 50].map((failures) => judgeFailure(BUSY, failures));
  expect(waits).toEqual([5_000, 10_000, 20_000, WAIT.msMax].map((delayMs) => ({ kind: "postpone", delayMs })));
});

test("an unknown error is retried in the same way", () => {
  expect(judgeFailure(new TypeError("x is undefined"), 1)).toEqual({ kind: "postpone", delayMs: WAIT.firstMs });
});

test.each(["invalid_input", "not_found", "conflict"] as const)("%s is given up: another try would end the same", (code) => {
  expect(judgeFailure(new AppError(code, "no"), 1)).toEqual({ kind: "give_up" });
});
