import { type Exposure, latencyText, type UnitEvent } from "@signalbox/model";
import { expect, test } from "vitest";
import { foldBlocks } from "../rollout/latestVerdict.ts";
import { addLatencies, latencyFigures, NO_LATENCIES } from "./latencies.ts";
import { look } from "./look.ts";
import { aGuardrail, aLivePolicy } from "./policyBuilders.ts";
import { unitBlocks } from "./unitBlocks.ts";

const of = (tookMs: readonly number[], units = tookMs.length) => latencyFigures(addLatencies(NO_LATENCIES.stable, units, tookMs), 0.05);
const upTo = (n: number) => Array.from({ length: n }, (_, index) => (index + 1) * 10);

test("a p95 has an interval that narrows, and is around it", () => {
  expect(of([])).toEqual({ units: 0, value: null, lower: null, upper: null });
  expect(of(upTo(20))).toEqual({ units: 20, value: 190, lower: expect.any(Number), upper: null });
  const [few, many] = [of(upTo(1_000)), of(upTo(20_000))];
  expect([few.value, many.value]).toEqual([9_500, 190_000]);
  const width = ({ value, lower, upper }: typeof few) => ((upper ?? Number.POSITIVE_INFINITY) - (lower ?? 0)) / (value ?? 1);
  for (const { value, lower, upper } of [few, many])
    expect([lower, value, upper]).toEqual([lower, value, upper].toSorted((a, b) => Number(a) - Number(b)));
  expect(width(many)).toBeLessThan(width(few) / 3);
});

test("units that were not served in time took longer than all that were", () => {
  expect(of(upTo(94), 100)).toMatchObject({ units: 100, value: null, upper: null });
  expect(of(upTo(96), 100)).toMatchObject({ value: 950 });
});

const POLICY = aLivePolicy({
  onMissing: { scoringLag: "60s" },
  metrics: [aGuardrail(), aGuardrail({ name: "latency_over_8s", direction: "decrease" })],
});

test("what units took goes with their block, without those that died or have not ended, and is told of the latency alone", () => {
  const exposures = Array.from(
    { length: 8 },
    (_, unit): Exposure => ({ unit: `u${unit}`, arm: unit < 4 ? "candidate" : "stable", step: 0, share: 0.25, at: unit }),
  );
  const late = { kind: "value", metric: "latency_over_8s", value: 1, at: 8_000 } as const;
  const events: UnitEvent[] = [
    ...[0, 1, 4, 5, 6, 7].map((unit): UnitEvent => ({ ...late, unit: `u${unit}`, value: 0, tookMs: 1_234.5 + unit })),
    { kind: "dead", unit: "u1", at: 9_000 },
    { ...late, unit: "u2" },
  ];
  const { blocks } = unitBlocks(exposures, events, POLICY, 100_000);
  expect(blocks).toMatchObject([{ tookMs: { candidate: [1_230], stable: [1_240, 1_240, 1_240, 1_240] } }]);
  const [task, latency] = look(foldBlocks(blocks, POLICY), POLICY, { step: 0 }).metrics;
  expect(task).not.toHaveProperty("p95Ms");
  expect(latency?.p95Ms).toMatchObject({ candidate: { units: 4, value: null }, stable: { units: 4, value: 1_240 } });
  expect(latency && latencyText(latency)).toBe(
    "p95 by latency_over_8s: candidate longer than units are waited for, stable 1.24 s (4 units are too few for an interval).",
  );
});

test("blocks from before it was kept say nothing of it", () => {
  const { blocks } = unitBlocks([], [], POLICY, 0);
  expect(look(foldBlocks(blocks, POLICY), POLICY, { step: 0 }).metrics.some((metric) => "p95Ms" in metric)).toBe(false);
  const old = { step: 0, share: 0.25, units: { candidate: 2, stable: 6 }, means: {}, counts: {} };
  expect(foldBlocks([old], POLICY).latencies).toEqual(NO_LATENCIES);
});
