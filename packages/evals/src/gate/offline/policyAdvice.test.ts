import { GatePolicy, type OfflinePolicy } from "@signalbox/model";
import { expect, test } from "vitest";
import { policyAdvice } from "./policyAdvice.ts";

function offline(change: object): OfflinePolicy {
  const metrics = [{ name: "passed", kind: "binary", nonInferiorityMargin: 0.03 }];
  const policy = {
    apiVersion: "gates/v1",
    kind: "GatePolicy",
    metadata: { name: "a" },
    spec: { offline: { dataset: "d", metrics, ...change } },
  };
  return GatePolicy.parse(policy).spec.offline as OfflinePolicy;
}

test("too few items for a margin are told, with how many it takes", () => {
  // (1.645 + 0.842)² · 0.2 / 0.03² = 1374
  expect(policyAdvice(offline({ minItems: 200 }))).toEqual([
    {
      path: ["spec", "offline", "metrics", 0, "nonInferiorityMargin"],
      what: expect.stringMatching(/^with 200 items .* 24 % .* about 1374 items$/),
    },
  ]);
});

test("enough items, a limit and a score need no advice", () => {
  expect(policyAdvice(offline({ minItems: 1_400 }))).toEqual([]);
  const metrics = [
    { name: "unsafe", kind: "binary", maxAbsolute: 0 },
    { name: "helpful", kind: "score", nonInferiorityMargin: 0.1 },
  ];
  expect(policyAdvice(offline({ metrics }))).toEqual([]);
});
