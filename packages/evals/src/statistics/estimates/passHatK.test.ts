import { expect, test } from "vitest";
import { passHatK, type Trial, trialCounts } from "./passHatK.ts";

/** Tasks by the number of their passed trials. */
function trialsOf(total: number, passedPerTask: readonly number[]): Trial[] {
  return passedPerTask.flatMap((passed, task) =>
    Array.from({ length: total }, (_, trial) => ({ task: String(task), passed: trial < passed })),
  );
}

test("two trials of fifty tasks: 43 passes, 12 tasks passed twice", () => {
  const passed = [...Array(12).fill(2), ...Array(19).fill(1), ...Array(19).fill(0)];
  expect(passHatK(trialCounts(trialsOf(2, passed)))).toEqual({ "1": 0.43, "2": 0.24 });
});

test("four trials count every choice of k among them", () => {
  expect(passHatK(trialCounts(trialsOf(4, [4, 3, 2, 0])))).toEqual({
    "1": 9 / 16,
    "2": (1 + 3 / 6 + 1 / 6) / 4,
    "3": (1 + 1 / 4) / 4,
    "4": 0.25,
  });
});

test("tasks with different numbers of trials are averaged as tasks, up to the smallest number", () => {
  expect(passHatK(trialCounts([...trialsOf(1, [1]), { task: "x", passed: true }, { task: "x", passed: false }]))).toEqual({ "1": 0.75 });
});

test("many trials do not overflow, and none have no figures", () => {
  expect(passHatK(trialCounts(trialsOf(300, [299, 150])))["150"]).toBeCloseTo(0.25, 15);
  expect(passHatK([])).toEqual({});
});
