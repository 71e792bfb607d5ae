import type { JudgeCalibration } from "@signalbox/model";
import { expect, test } from "vitest";
import { judgedScorer, judgedScorers } from "./judgedScorer.ts";

const kind = (rubric: string) => ({ name: "judge", as: "kind", options: { model: "m", rubric } });

test("a scorer that asks no model is not judged of", () => {
  expect(judgedScorer({ name: "exact", options: {} }, [])).toBeNull();
});

test("two runs by one judge have it once, and by two judges of one name both, each with its own record", () => {
  const one = judgedScorer(kind("Is it kind?"), []);
  const record = { scoreName: "kind", judge: one?.judge, madeAt: "2026-11-27T00:00:00.000Z" } as JudgeCalibration;
  const runs = [kind("Is it kind?"), kind("Is it kind?"), kind("Is it very kind?")].map((scorer) => ({ scorers: [scorer] }));
  expect(judgedScorers(runs, [record]).map(({ scoreName, standing }) => [scoreName, standing.kind])).toEqual([
    ["kind", "calibrated"],
    ["kind", "changed"],
  ]);
});
