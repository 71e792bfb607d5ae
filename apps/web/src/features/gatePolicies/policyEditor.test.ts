import { expect, test } from "vitest";
import { exposureBins } from "./exposureBins.ts";
import { lineRange, nextIndentation } from "./indentation.ts";
import { readMeans, writeMeans } from "./policyParams.ts";

test("a new line keeps the indentation of the one before, and indents further under a block's name", () => {
  expect(nextIndentation("spec:\n  unit: session")).toBe("  ");
  expect(nextIndentation("spec:\n  canary:")).toBe("    ");
  expect(nextIndentation("")).toBe("");
});

test("a line is found in its text, even a last one without a newline", () => {
  expect(lineRange("one\ntwo\nthree", 2)).toEqual({ start: 4, end: 7 });
  expect(lineRange("one\ntwo\nthree", 3)).toEqual({ start: 8, end: 13 });
  expect(lineRange("one", 9)).toEqual({ start: 0, end: 3 });
});

test("means survive a link unchanged, and non-numbers are left out", () => {
  expect(readMeans(writeMeans({ task_success: 0.85, "a=b": -1 }))).toEqual({ task_success: 0.85, "a=b": -1 });
  expect(readMeans(["task_success=", "=1", "x=y", "plain"])).toEqual({});
});

test("every ending is in one bin, by how it ended", () => {
  const bins = exposureBins(
    [
      { kind: "rollback", candidateUnits: 0 },
      { kind: "rollback", candidateUnits: 99 },
      { kind: "promote", candidateUnits: 100 },
      { kind: "hold", candidateUnits: 1_000 },
    ],
    1_000,
  );
  expect(bins[0]).toMatchObject({ from: 0, rollback: 1 });
  expect(bins.reduce((sum, { rollback, hold, promote }) => sum + rollback + hold + promote, 0)).toBe(4);
  expect(bins.at(-1)).toMatchObject({ hold: 1 });
});
