import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { contains } from "./contains.ts";

test("every text of a list must be there, and those that are not are named", () => {
  const item = anItem({ expectedOutput: ["Oslo", 42] });
  expect(contains.make({})(item, anAnswer({ output: "OSLO has 42" }))).toMatchObject({ passed: true });
  expect(contains.make({})(item, anAnswer({ output: "Rome" }))).toMatchObject({ explanation: "not in the answer: Oslo, 42" });
});

test("case counts where it is asked for", () => {
  expect(contains.make({ caseSensitive: true })(anItem(), anAnswer({ output: "YES" }))).toMatchObject({ passed: false });
});
