import { classificationReport } from "@signalbox/evals";
import { expect, test } from "vitest";
import { classesText } from "./classesText.ts";

test("the report of classes: figures, the weakest class first, and what was taken for what", () => {
  const report = classificationReport([
    { expected: "lost", given: "lost", count: 3 },
    { expected: "stolen", given: "lost", count: 1 },
    { expected: "stolen", given: null, count: 1 },
  ]);
  expect(classesText({ scorer: "classification", report })).toBe(
    [
      "\nclassification: accuracy 0.600, macro F1 0.429 over 5 tries",
      "class            expected  given  precision  recall  F1",
      "(no such class)  0         1      0.000              0.000",
      "stolen           2         0                 0.000   0.000",
      "lost             3         4      0.750      1.000   0.857",
      "   expected  taken for",
      "1  stolen    (no such class)",
      "1  stolen    lost",
    ].join("\n"),
  );
  expect(classesText({ scorer: "topic", report: null })).toContain("1 to 200 classes");
});
