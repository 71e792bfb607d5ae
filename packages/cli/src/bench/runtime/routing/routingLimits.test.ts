import { expect, test } from "vitest";
import type { RoutingFigures } from "./measureRouting.ts";
import { brokenPromises } from "./routingLimits.ts";

/** Figures that keep every promise. */
function figures(change: Partial<RoutingFigures> = {}): RoutingFigures {
  const gone = { ejectedAfterMs: 300, calls: 100, failed: 0, msP95: 25 };
  return {
    endpointCallsPerSecond: 200,
    offered: { share: 0.7, callsPerSecond: 560 },
    slow: { timesSlower: 10, shareBefore: 0.25, share: 0.04, shareInLastSecond: 0.04, failed: 0 },
    killed: gone,
    frozen: gone,
    cap: { endpoints: 4, killed: 4, ejectedMax: 2 },
    gpu: { calls: 100, onCpu: 0, refused: 50 },
    isolation: {
      on: { healthyMsP95: 15, msP95: 16, msMax: 30 },
      off: { healthyMsP95: 15, msP95: 4_000, msMax: 6_000 },
    },
    ...change,
  };
}

test("figures that keep every promise break none, whatever happens without isolation", () => {
  expect(brokenPromises(figures())).toEqual([]);
});

test.each<[string, Partial<RoutingFigures>]>([
  ["slow endpoint", { slow: { ...figures().slow, share: 0.16 } }],
  ["killed", { killed: { ...figures().killed, ejectedAfterMs: null } }],
  ["stopped", { frozen: { ...figures().frozen, ejectedAfterMs: 1_100 } }],
  ["ejected at once", { cap: { endpoints: 4, killed: 4, ejectedMax: 3 } }],
  ["GPU", { gpu: { calls: 100, onCpu: 1, refused: 0 } }],
  ["p95", { isolation: { ...figures().isolation, on: { healthyMsP95: 15, msP95: 60, msMax: 90 } } }],
])("a broken promise is a sentence: %s", (words, change) => {
  expect(brokenPromises(figures(change))).toEqual([expect.stringContaining(words)]);
});
