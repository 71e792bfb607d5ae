import { expect, test } from "vitest";
import { wordDiff } from "./wordDiff.ts";

const pieces = (before: unknown, after: unknown) => wordDiff(before, after).map(({ kind, text }) => [kind, text]);

test("words that stayed, were removed and were added are told apart", () => {
  expect(pieces("fly to Rome today", "fly to Oslo today")).toEqual([
    ["same", "fly to "],
    ["removed", "Rome"],
    ["added", "Oslo"],
    ["same", " today"],
  ]);
  expect(pieces(null, { a: 1 })).toEqual([["added", '{\n  "a": 1\n}']]);
  expect(pieces({ a: 1 }, { a: 1 })).toEqual([["same", '{\n  "a": 1\n}']]);
});

test("long texts are compared by lines", () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at}`);
  const found = pieces(lines.join("\n"), lines.with(2_500, "another line").join("\n"));
  expect(found.filter(([kind]) => kind !== "same")).toEqual([
    ["removed", "line 2500\n"],
    ["added", "another line\n"],
  ]);
});
