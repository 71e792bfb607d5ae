import { expect, test } from "vitest";
import { aGuardrail, aLivePolicy } from "../live/policyBuilders.ts";
import { askDrop } from "./dropQuestion.ts";

const POLICY = aLivePolicy({
  metrics: [
    aGuardrail(),
    aGuardrail({ name: "latency_over_8s", direction: "decrease" }),
    { name: "dlq", role: "guardrail", kind: "count" },
  ],
});
const ASKED = { unitsPerHour: 100, hoursMax: 10, means: {} };

test("what is not said: the first guardrail worse by its margin, and usual means", () => {
  expect(askDrop(POLICY, ASKED)).toMatchObject({
    ...{ metric: "task_success", drop: 0.05 },
    worse: { means: { task_success: { stable: 0.8, candidate: 0.75 }, dlq: { stable: 0.01, candidate: 0.01 } } },
    equal: { means: { task_success: { stable: 0.8, candidate: 0.8 } } },
  });
});

test("where less is better, a drop raises the candidate's mean", () => {
  expect(askDrop(POLICY, { ...ASKED, metric: "latency_over_8s", drop: 0.1, means: { latency_over_8s: 0.2 } }).worse.means).toMatchObject({
    latency_over_8s: { stable: 0.2, candidate: 0.3 },
  });
});

test("a metric that the policy does not have is refused, and the nearest one named", () => {
  expect(() => askDrop(POLICY, { ...ASKED, metric: "task_sucess" })).toThrow(
    expect.objectContaining({ code: "invalid_input", hint: "Did you mean task_success?" }),
  );
  expect(() => askDrop(POLICY, { ...ASKED, means: { speed: 1 } })).toThrow("The policy has no metric speed.");
});
