import { expect, test } from "vitest";
import type { JudgeCalibration } from "./judgeCalibration.ts";
import { correctedText, judgeStanding, standingWords } from "./judgeStanding.ts";

const aRecord = (judge: string, given: Partial<JudgeCalibration> = {}): JudgeCalibration => ({
  ...{
    id: judge,
    project: "p",
    scoreName: "kind",
    judge,
    labelSet: "queue q",
    labels: 120,
    madeBy: "ann",
    madeAt: "2026-11-20T10:00:00.000Z",
  },
  record: {
    counts: { truePasses: 60, falseFails: 5, trueFails: 40, falsePasses: 15 },
    kappa: { value: 0.66, lower: 0.52, upper: 0.79 },
    sensitivity: { value: 0.923, lower: 0.83, upper: 0.975 },
    specificity: { value: 0.727, lower: 0.59, upper: 0.839 },
    ...{ judged: 500, corrected: null },
  },
  ...given,
});

test("a record counts for its own judge and its own score alone", () => {
  const records = [aRecord("judge:a"), aRecord("judge:b", { scoreName: "other" })];
  const standing = (judge: string, scoreName = "kind") => judgeStanding(records, { judge, scoreName }).kind;
  expect(standing("judge:a")).toBe("calibrated");
  expect([standing("judge:a", "third"), standing("judge:a", "other")]).toEqual(["uncalibrated", "changed"]);
  expect(standing("judge:c")).toBe("changed");
});

test("a judge that has changed is uncalibrated again, and it is said which one was compared last", () => {
  const records = [aRecord("judge:old"), aRecord("judge:newer", { madeAt: "2026-11-25T10:00:00.000Z" })];
  expect(standingWords(judgeStanding(records, { judge: "judge:c", scoreName: "kind" }))).toEqual({
    brief: "uncalibrated",
    full: "uncalibrated again: judge:newer was compared with people on 2026-11-25, and this judge has another model, rubric, line or setting",
  });
});

test("a judge that was compared is told with its figures, their intervals and how many labels they rest on", () => {
  expect(standingWords({ kind: "calibrated", calibration: aRecord("judge:a") })).toEqual({
    brief: "κ 0.66, n 120",
    full: "compared with people: kappa 0.66 [0.52, 0.79], sensitivity 92.3 % [83.0 %, 97.5 %], specificity 72.7 % [59.0 %, 83.9 %], 120 labels",
  });
  expect(correctedText({ estimate: 0.7, lower: 0.651, upper: 0.749 })).toBe("70.0 % [65.1 %, 74.9 %] as people would have had it");
});

test("a judge that was compared on few labels is uncalibrated still, with its figures", () => {
  const standing = judgeStanding([aRecord("judge:a", { labels: 12 })], { judge: "judge:a", scoreName: "kind" });
  expect(standing.kind).toBe("thin");
  expect(standingWords(standing)).toEqual({
    brief: "uncalibrated, n 12",
    full: expect.stringMatching(
      /^uncalibrated still: 12 of the 100 labels that it takes; compared with people: kappa 0\.66 .*, 12 labels$/,
    ),
  });
});
