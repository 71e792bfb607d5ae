import { expect, test } from "vitest";
import { uncountedText } from "./uncountedText.ts";

const LOOK = { rollout: "5f1c2d3e-8a90-4b7c-9d10-2e3f4a5b6c7d", number: 0, at: "2026-11-27T12:00:00.000Z", blocks: 3 };
const textOf = (counts: { waiting?: number; crossed?: number; ignored?: number }): string =>
  uncountedText({ ...LOOK, waiting: 0, crossed: 0, ignored: 0, ...counts }, { candidate: 50, stable: 150 });

test("what a look has not counted is told, and nothing is where there is nothing", () => {
  expect(textOf({})).toBe("");
  expect(textOf({ waiting: 1_200, ignored: 1 })).toBe(
    "1,200 units wait for outcomes. 1 outcome came too late, or again, and does not count.",
  );
  expect(textOf({ crossed: 2 })).toBe("2 units were seen in both versions, and count where they were first.");
});

test("more than one unit in a hundred in both versions is a doubt", () => {
  expect(textOf({ crossed: 3 })).toBe(
    "3 units were seen in both versions, and count where they were first. These are 1.5 %: units move between the versions, and what differs looks smaller than it is.",
  );
  expect(textOf({ crossed: 3, waiting: 100 })).not.toContain("These are");
});
