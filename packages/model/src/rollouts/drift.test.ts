import { expect, test } from "vitest";
import { driftOf } from "./drift.ts";

test("traffic that is split otherwise than chance would is told, and less than that is not", () => {
  expect(driftOf({ wanted: 25, routed: 25, candidate: 27, stable: 73 })).toEqual({ wanted: 25, observed: 27, units: 100, sentence: null });
  expect(driftOf({ wanted: 25, routed: 25, candidate: 50, stable: 50 }).sentence).toBe(
    "The candidate has 50.0 % of the last 100 units where it should have 25 %.",
  );
  expect(driftOf({ wanted: 25, routed: 25, candidate: 3, stable: 1 }).sentence).toBeNull();
  expect(driftOf({ wanted: 25, routed: 25, candidate: 0, stable: 0 })).toMatchObject({ observed: null, sentence: null });
});

test("a routing that is not what is wanted is told whatever the traffic", () => {
  expect(driftOf({ wanted: 25, routed: 80, candidate: 0, stable: 0 }).sentence).toContain(
    "gives the candidate 80 % where the rollout wants 25 %",
  );
});
