import { expect, test } from "vitest";
import { type GateAnswer, gateAnswer, unknownCandidate } from "./gateAnswer.ts";
import { aJudged, aRollout, aVerdict } from "./testing/aJudgedRollout.ts";

const KEYS: (keyof GateAnswer)[] = [
  ...(["decision", "ok", "reason", "phase", "canary", "stable", "step", "stage", "nCanary", "nStable"] as const),
  ...(["eHarm", "eHarmToRollBack", "eNonInferior", "eSafeToPromote", "srmOk"] as const),
];

const promoting = aVerdict({ kind: "promote", grounds: "step_done", reason: "Step 1 has its 100 units.", step: 0 });

test("a running rollout gives its gate's answer, with the numbers behind it", () => {
  expect(gateAnswer(aJudged(aRollout(), aVerdict()))).toEqual({
    ...{
      decision: "hold",
      ok: false,
      reason: "Step 1 needs 40 more units of the candidate.",
      phase: "running",
      canary: "7c9b6",
      stable: "5d4f8",
    },
    ...{
      step: 1,
      stage: 5,
      nCanary: 60,
      nStable: 1_140,
      eHarm: 0.4,
      eHarmToRollBack: 20,
      eNonInferior: 3.2,
      eSafeToPromote: 20,
      srmOk: true,
    },
  });
  expect(gateAnswer(aJudged(aRollout(), promoting))).toMatchObject({ decision: "promote", ok: true });
});

test.each([
  ["promoted", "promote"],
  ["rolledBack", "rollback"],
  ["aborted", "rollback"],
  ["paused", "hold"],
] as const)("a rollout that is %s answers %s, whatever the last look said", (phase, decision) => {
  const rollout = aRollout({ phase, reason: "Why." });
  expect(gateAnswer(aJudged(rollout, promoting))).toMatchObject({ decision, reason: "Why." });
  expect(gateAnswer(aJudged(rollout, null))).toMatchObject({ decision });
});

test("harm is reported at once and at every stage", () => {
  const verdict = aVerdict({ kind: "rollback", grounds: "evidence", reason: "task_success got worse." });
  for (const stage of [undefined, 1, 5, 25, 100])
    expect(gateAnswer(aJudged(aRollout({ step: 1 }), verdict), { stage })).toMatchObject({
      decision: "rollback",
      ok: false,
    });
});

test.each([
  [5, "promote"],
  [3, "promote"],
  [25, "hold"],
  [30, "hold"],
  [50, "hold"],
  [100, "hold"],
])("at the second step of 5, 25 and 50 a tool at %d %% is told %s", (stage, decision) => {
  const verdict = aVerdict({ step: 1 });
  expect(gateAnswer(aJudged(aRollout({ step: 1 }), verdict), { stage }).decision).toBe(decision);
});

test("the last step and beyond ask for all of the traffic", () => {
  const rollout = aRollout({ step: 2 });
  const verdict = aVerdict({ kind: "promote", grounds: "shown_safe", step: 2, isLastStep: true });
  for (const stage of [50, 75, 100]) expect(gateAnswer(aJudged(rollout, verdict), { stage }).decision).toBe("promote");
});

test("a verdict on the previous step does not count for this one", () => {
  expect(gateAnswer(aJudged(aRollout({ step: 1 }), promoting))).toMatchObject({
    decision: "hold",
    reason: "Step 2 was not looked at since it began.",
  });
});

test("every key exists and every number is finite, without a look, without a rollout, and with infinite evidence", () => {
  const endless = aVerdict({
    eHarm: Number.POSITIVE_INFINITY,
    metrics: aVerdict().metrics.map((metric) => ({ ...metric, eSafe: Number.NaN })),
  });
  const answers = [
    gateAnswer(aJudged(aRollout(), null)),
    gateAnswer(aJudged(aRollout({ step: 9 }), endless), { stage: 0 }),
    unknownCandidate("a", "b", "No rollout."),
  ];
  for (const answer of answers) {
    expect(Object.keys(answer).sort()).toEqual([...KEYS].sort());
    expect(Object.values(answer).filter((value) => typeof value === "number" && !Number.isFinite(value))).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  }
});

test("a hold whose looks fail says so", () => {
  const failure = { since: "2026-11-27T08:00:00.000Z", at: "2026-11-27T08:01:00.000Z", times: 7, reason: "The store does not answer." };
  expect(gateAnswer({ ...aJudged(aRollout(), aVerdict()), failure })).toMatchObject({
    decision: "hold",
    reason: "Step 1 needs 40 more units of the candidate. The gate cannot look since 2026-11-27T08:00:00.000Z: The store does not answer.",
  });
});
