import { expect, test } from "vitest";
import { judgeRun } from "./judgeRun.ts";
import { anExpectation, aRun } from "./runBuilders.ts";

test("a run that every rule passes is worth 1", () => {
  expect(judgeRun(aRun(), anExpectation())).toEqual({
    reward: 1,
    judgements: {
      final_state: { passed: true, reason: "" },
      outputs: { passed: true, reason: "" },
      ending: { passed: true, reason: "" },
    },
  });
});

test("one rule that does not pass a run makes it worth 0", () => {
  const { reward, judgements } = judgeRun(aRun({ ended: false }), anExpectation());
  expect(reward).toBe(0);
  expect(judgements.final_state.passed).toBe(true);
  expect(judgeRun(aRun({ answers: [] }), anExpectation({ outputs: ["90"] })).reward).toBe(0);
  expect(judgeRun(aRun({ finalState: { "users/a": "{}" } }), anExpectation()).reward).toBe(0);
});
