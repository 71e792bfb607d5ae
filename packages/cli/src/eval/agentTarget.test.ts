import type { ModelUse, Step } from "@signalbox/model";
import { expect, test } from "vitest";
import { spentBy } from "./agentTarget.ts";

/** A finished step of which only the model's usage matters. */
const aStep = (modelUse: unknown): Step => ({
  ...{ step: 1, attempt: 1, startedUs: 0, finishedUs: 1 },
  stage: { kind: "user", input: {}, output: { content: "" } },
  modelUse: modelUse as ModelUse | null,
});

const used = (tokens: number, costUsd: number | null) => aStep({ inputTokens: tokens, outputTokens: 1, call: { costUsd } });

test.each([
  ["no model", [aStep(null)], { costUsd: 0, tokens: 0 }],
  ["two models", [used(9, 0.5), aStep(null), used(19, 0.25)], { costUsd: 0.75, tokens: 30 }],
  ["a model without a list price", [used(9, null), used(9, 0.5)], { costUsd: null, tokens: 20 }],
  ["a recorded model", [aStep({ inputTokens: 1, outputTokens: 1, call: null })], { costUsd: null, tokens: null }],
  ["a journal that is gone", [], { costUsd: null, tokens: null }],
])("what a task took is in its journal: %s", (_, steps, spent) => {
  expect(spentBy(steps)).toEqual(spent);
});
