import { newOutcome } from "@signalbox/db/clickhouse";
import { readScorers, scoreTrace } from "@signalbox/evals";
import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { nextOutcome, TRIES_MAX } from "./nextOutcome.ts";

const waiting = newOutcome("a".repeat(32), "waiting", 0);
const away = { kind: "error", error: new AppError("model_unavailable", "The model is away.") } as const;

test("an error that may pass is retried, later each time, and is a failure in the end", () => {
  const times = [];
  let outcome = waiting;
  while (outcome.state === "waiting") {
    outcome = nextOutcome(outcome, away, 0);
    times.push(outcome.nextTryAtMs);
  }
  expect(times.slice(0, 3)).toEqual([10_000, 30_000, 90_000]);
  expect(outcome).toMatchObject({ state: "failed", tries: TRIES_MAX, reason: "The model is away." });
});

test("an error that cannot pass is a failure at once; a refused key can be fixed", () => {
  const tried = (code: AppError["code"]) => nextOutcome(waiting, { kind: "error", error: new AppError(code, "No.") }, 0).state;
  expect([tried("invalid_input"), tried("unauthenticated")]).toEqual(["failed", "waiting"]);
});

test("a scorer without a usable answer gives no score, and the trace has failed; the other scores stand", () => {
  const used = [{ id: "j", model: "m", asked: 2, inputTokens: 10, outputTokens: 1, costUsd: 0.5, agreement: null, leftOutBytes: 0 }];
  const scores = [{ name: "length", value: 0.5, passed: null, explanation: "" }];
  const outcome = nextOutcome(waiting, { kind: "scored", scores, failures: ["kind: no score: it is no JSON"], used }, 0);
  expect(outcome).toMatchObject({
    state: "failed",
    reason: "kind: no score: it is no JSON",
    scores: { length: 0.5 },
    costUsd: 0.5,
    tokens: 11,
  });
});

test("scores that were requested twice, or cover less than the whole trace, say so", () => {
  const used = [{ id: "j", model: "m", asked: 1, inputTokens: 10, outputTokens: 1, costUsd: null, agreement: null, leftOutBytes: 70_000 }];
  expect(nextOutcome(waiting, { kind: "scored", scores: [], failures: [], used }, 0, 1)).toMatchObject({
    state: "scored",
    reason:
      "scored once more: whoever had claimed it was gone before saying what came of it; it is too long for a judge: 70000 bytes were left out, and the judge was told",
  });
});

test("tries of lost claims count, and a trace without any left is not tried", () => {
  expect(nextOutcome({ ...waiting, tries: 2 }, away, 0, 3).state).toBe("failed");
  expect(nextOutcome({ ...waiting, tries: 1 }, away, 0, 3).state).toBe("waiting");
  expect(nextOutcome({ ...waiting, tries: 2 }, { kind: "spent" }, 0, 4)).toMatchObject({
    ...{ state: "failed", tries: TRIES_MAX, scores: {} },
    reason: "4 of 6 tries to score it never ended: it may be what stops its scorer, or the controller",
  });
});

test("judges' usage before their model was away is charged to the trace", async () => {
  let asked = 0;
  const judge = { name: "judge", options: { model: "m", rubric: "Is it kind?", repeats: 2 } };
  const scorers = readScorers([judge, { ...judge, as: "other" }], () => async () => {
    asked += 1;
    if (asked > 3) throw away.error;
    return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
  });
  const answer = { output: "hi", toolCalls: null, state: null, reward: null, latencyMs: 1, costUsd: null, tokens: null };
  const item = { id: "i", input: "hello", expectedOutput: null, expectedToolCalls: null, expectedState: null };
  const error = await scoreTrace(item, answer, scorers).catch((error: unknown) => error);
  expect(nextOutcome({ ...waiting, tokens: 5 }, { kind: "error", error }, 0)).toMatchObject({
    state: "waiting",
    tries: 1,
    tokens: 5 + 3 * 12,
  });
});
