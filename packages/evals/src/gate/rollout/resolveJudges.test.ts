import { canaryOf, type JudgeCalibration } from "@signalbox/model";
import { aGatePolicy } from "@signalbox/model/testing";
import { expect, test } from "vitest";
import { judgedScorer } from "../../calibration/index.ts";
import { resolveJudges } from "./resolveJudges.ts";

const CHOICE = { name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } };
const RULES = [{ scorers: [CHOICE, { name: "exact", options: {} }] }];
const task = { name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.1 } as const;
const kind = (changes: object = {}) => ({ ...task, name: "kind", ...changes });
const policyOf = (...metrics: object[]) => aGatePolicy({ metrics: [task, ...metrics] as never });

/** The calibration record of the rule's own judge. */
const recordOf = (labels: number, lower: number) =>
  ({
    ...{ scoreName: "kind", judge: judgedScorer(CHOICE, [])?.judge, madeAt: "2026-11-27T00:00:00.000Z", labels },
    record: { kappa: { value: 0.8, lower, upper: 0.9 } },
  }) as JudgeCalibration;

const roles = (metric: object, records: readonly JudgeCalibration[], rules = RULES): [string, number] => {
  const { policy, held } = resolveJudges(policyOf(metric), rules, records);
  return [canaryOf({ policy }).metrics[1]?.role ?? "", held.length];
};

test("a judge that nobody compared with people, or that agrees too little, only holds, whether the policy speaks of it or not", () => {
  for (const judge of [{}, { judge: {} }]) {
    expect(roles(kind(judge), [])).toEqual(["signal", 1]);
    expect(roles(kind(judge), [recordOf(99, 0.7)])).toEqual(["signal", 1]);
    expect(roles(kind(judge), [recordOf(120, 0.5)])).toEqual(["signal", 1]);
    expect(roles(kind(judge), [recordOf(120, 0.7)])).toEqual(["guardrail", 0]);
  }
  expect(resolveJudges(policyOf(kind()), RULES, []).held).toEqual([
    "kind can only hold. Its judge is not calibrated against people, so that it cannot decide.",
  ]);
});

test("a policy may ask for less of a judge, or for nothing; another judge's record counts for nothing", () => {
  expect(roles(kind({ judge: { minLabels: 50, minKappa: 0.4 } }), [recordOf(60, 0.5)])).toEqual(["guardrail", 0]);
  expect(roles(kind({ judge: { calibration: "optional" } }), [])).toEqual(["guardrail", 0]);
  expect(roles(kind(), [{ ...recordOf(120, 0.7), judge: "judge:another" }])).toEqual(["signal", 1]);
  expect(roles(kind({ judge: {} }), [recordOf(120, 0.7)], [])).toEqual(["signal", 1]);
});

test("a policy whose metrics no judge scores is as it was, and one without another guardrail is refused", () => {
  const policy = policyOf(kind());
  expect(resolveJudges(policy, [], []).policy).toBe(policy);
  const alone = aGatePolicy({ metrics: [kind()] as never });
  expect(() => resolveJudges(alone, RULES, [])).toThrow(/no guardrail: kind can only hold/);
});
