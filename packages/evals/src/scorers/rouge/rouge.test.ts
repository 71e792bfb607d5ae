import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { rouge } from "./rouge.ts";

const judge = (kind: string, output: string, expectedOutput = "police killed the gunman") =>
  rouge.make({ kind })(anItem({ expectedOutput }), anAnswer({ output }));

test("Lin's example (2004, §3): by the longest common subsequence 0.75 and 0.5, by pairs 1/3 both", () => {
  expect(judge("l", "police kill the gunman")).toMatchObject({ value: expect.closeTo(0.75, 12) });
  expect(judge("l", "the gunman kill police")).toMatchObject({ value: expect.closeTo(0.5, 12) });
  expect(judge("2", "police kill the gunman")).toMatchObject({ value: expect.closeTo(1 / 3, 12) });
});

test("texts with too few words agree or do not", () => {
  expect(judge("2", "yes", "Yes")).toMatchObject({ value: 1 });
  expect(judge("l", "")).toMatchObject({ value: 0 });
});
