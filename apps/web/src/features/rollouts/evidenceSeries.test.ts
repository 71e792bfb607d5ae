import { expect, test } from "vitest";
import { EVIDENCE_UNIT, evidencePlots } from "./evidenceSeries.ts";
import type { Entry, Evidence } from "./rolloutParams.ts";

const AT = Date.parse("2026-11-27T04:00:00.000Z");
const at = (seconds: number): string => new Date(AT + 1_000 * seconds).toISOString();
const point = (look: number, eHarm: number): Evidence["points"][number] => ({
  ...{ look, at: at(look), step: 0, units: 10 * look, eHarm },
  metrics: [
    { name: "task_success", eHarm, eSafe: 1 / eHarm },
    { name: "dlq", eHarm: 1, eSafe: null },
  ],
});
const EVIDENCE: Evidence = { points: [point(2, 1), point(5, 1_000)], eHarmToRollBack: 20, eSafeToPromote: 20 };

test("the values of a look hold until the next, and there are none before the first", () => {
  const { harm, safety } = evidencePlots(EVIDENCE, [], AT, AT + 8_000);
  expect(harm.map(({ id }) => id)).toEqual(["all", "task_success", "dlq", "threshold"]);
  expect(harm[0]?.values.map((value) => (value === null ? null : EVIDENCE_UNIT.format(value)))).toEqual([
    ...[null, "1", "1", "1", "1000", "1000", "1000", "1000"],
  ]);
  expect(safety.map(({ id }) => id)).toEqual(["task_success", "threshold"]);
});

test("steps and ends are marked where they happened, inside the chart", () => {
  const entry = (seconds: number, kind: Entry["kind"], weight: number): Entry => ({ at: at(seconds), kind, weight }) as Entry;
  const { marks } = evidencePlots(EVIDENCE, [entry(0, "started", 5), entry(3, "stepped", 25), entry(8, "rolledBack", 0)], AT, AT + 8_000);
  expect(marks).toEqual([
    { step: 3, label: "25%" },
    { step: 7, label: "rolled back" },
  ]);
});

test("an axis of evidence has its powers of ten", () => {
  expect(EVIDENCE_UNIT.ticks(3.3, 4).map(EVIDENCE_UNIT.tick)).toEqual(["0.1", "1", "10", "100", "1,000"]);
  expect(EVIDENCE_UNIT.ticks(20, 4).map(EVIDENCE_UNIT.tick)).toEqual(["0.1", "10^4", "10^9", "10^14", "10^19"]);
});
